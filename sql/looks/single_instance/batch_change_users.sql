/*
title: Batch change users
question: How many people use batch changes in a month?
definition: Users of batch changes in the month, and contributors, those of them who created, changed or applied one. Month to date as the month's last ping has it.
caption: "Users in the month. Dashed: not over."
rows_of: single_instance/batch_changes
columns:
  created: {hidden: true}
  closed: {hidden: true}
  contributors: {hidden: false, unit: users}
  users: {hidden: false, unit: users}
chart: {kind: line, x: month, y: [users, contributors]}
sent: {field: batch_changes_usage, since: "4.0"}
*/
