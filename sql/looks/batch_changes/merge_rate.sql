/*
title: Merge rate
label: Merge rate
question: How large a part of what is published gets merged?
definition: Changesets merged divided by changesets published in the complete months of the range (a ratio of sums). It may exceed 100 % where what was published earlier is merged now.
rows_of: batch_changes/created
chart: {kind: counter, y: merge_rate}
over: range
trend: batch_changes/by_month
drill: batch_changes/instance_months
*/
