/*
title: Changesets published
label: Published
question: How many changesets were published?
definition: Sum of the day-to-day rises of each instance's running count over the complete months of the range. A fall (a changeset was deleted, the instance was set up anew) counts nothing.
rows_of: batch_changes/created
chart: {kind: counter, y: published}
over: range
trend: batch_changes/by_month
drill: batch_changes/instance_months
*/
