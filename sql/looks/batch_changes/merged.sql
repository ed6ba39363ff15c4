/*
title: Changesets merged
label: Changesets merged
question: How many changesets were merged?
definition: Sum of the day-to-day rises of each instance's running count over the complete months of the range, whenever the changesets were published.
rows_of: batch_changes/created
chart: {kind: counter, y: merged}
over: range
trend: batch_changes/by_month
drill: batch_changes/instance_months
*/
