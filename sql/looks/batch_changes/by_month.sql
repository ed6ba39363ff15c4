/*
title: Batch changes by month
question: How did batch changes go in the last 12 complete months of the range?
definition: What the counters tell of a range, by complete month. Sums of day-to-day rises; contributors as counted from the month's start.
rows_of: batch_changes/created_and_closed
chart: {kind: line, x: month, y: [created, published, merged]}
over: last
drill: batch_changes/instance_months
*/
