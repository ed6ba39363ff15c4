/*
title: Changesets
question: How many changesets are published and merged in a month?
definition: Changesets published and merged in the month, the sums of the day-to-day rises of the instance's running totals. More may be merged than published, since merging comes later.
caption: "Per month. Pale: not over."
rows_of: single_instance/batch_changes
columns:
  created: {hidden: true}
  closed: {hidden: true}
  published: {hidden: false}
  merged: {hidden: false}
chart: {kind: bar, x: month, y: [published, merged]}
sent: {field: batch_changes_usage, since: "4.0"}
*/
