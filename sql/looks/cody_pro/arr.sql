/*
title: Annual recurring revenue
label: ARR
question: What does Cody Pro bring in a year?
definition: Twelve times the monthly recurring revenue at the end of the range's last complete day of Pacific time. The change compares with as many days before.
caption: Twelve times MRR.
rows_of: cody_pro/active
chart: {kind: counter, y: arr}
over: range
trend: cody_pro/active_subscribers
*/
