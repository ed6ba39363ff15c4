/*
title: MRR
question: How does monthly recurring revenue develop?
definition: Active subscribers at the end of each day of Pacific time, at 9 dollars a month each; today as it is now.
caption: "Active at $9 a month each. The axis does not start at zero."
rows_of: cody_pro/active_subscribers
chart: {kind: line, x: day, y: mrr, zero: false}
drill: cody_pro/days
*/
