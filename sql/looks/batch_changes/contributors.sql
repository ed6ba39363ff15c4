/*
title: Contributors to batch changes
label: Contributors
question: How many people contribute to batch changes in a month?
definition: Contributors as each instance counts them from the month's start, added over instances; the mean of the complete months of the range, since people must not be added over months. A person on two instances counts twice.
rows_of: batch_changes/created
chart: {kind: counter, y: contributors}
over: range
trend: batch_changes/by_month
drill: batch_changes/instance_months
*/
