/*
title: Net change
label: Net change
question: Does Cody Pro grow?
definition: Active subscribers at the end of the range's last complete day less those at the end of the day before its first. It differs from new less cancelled, since who comes back or pays late is active again without being new, and who is past due is not active before the subscription ends. The change is the difference to as many days before.
caption: Active at the end less active before the range.
rows_of: cody_pro/active
chart: {kind: counter, y: net_change}
over: range
trend: cody_pro/active_subscribers
*/
