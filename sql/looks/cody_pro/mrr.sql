/*
title: Monthly recurring revenue
label: MRR
question: What does Cody Pro bring in a month?
definition: Active subscribers at the end of the range's last complete day of Pacific time, at 9 dollars a month each. Refunds and other prices do not change it; Stripe's books have those. The change compares with as many days before.
caption: Active subscribers at $9 a month.
rows_of: cody_pro/active
chart: {kind: counter, y: mrr}
over: range
trend: cody_pro/active_subscribers
*/
