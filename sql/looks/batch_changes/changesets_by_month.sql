/*
title: Changesets published and merged
question: How many changesets are published and merged in a month?
definition: Sums over the month of the day-to-day rises of what each instance counts. What is merged in a month may have been published in an earlier one. At least 12 months are shown.
caption: "By month. Pale: not over."
rows_of: batch_changes/created_and_closed
columns:
  created: {hidden: true}
  closed: {hidden: true}
  published: {hidden: false}
  merged: {hidden: false}
  merge_rate: {hidden: false}
chart: {kind: bar, x: month, y: [published, merged]}
at_least: 12
drill: batch_changes/instance_months
*/
