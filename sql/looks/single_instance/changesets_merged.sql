/*
title: Changesets merged
label: Changesets merged
question: How many changesets were merged in the last month?
definition: Changesets merged in the last complete month, the sum of the day-to-day rises of the instance's running total. A total that falls counts nothing.
caption: Changesets merged in the last complete month.
rows_of: single_instance/batch_changes
columns:
  created: {hidden: true}
  closed: {hidden: true}
  merged: {hidden: false}
chart: {kind: counter, x: month, y: merged}
over: last
sent: {field: batch_changes_usage, since: "4.0"}
*/
