/*
title: Created from UI or command line
question: Are batch changes created in the UI, where executors run them, or from the command line?
definition: Batch changes created in the month by where their batch spec ran. From the UI means server-side, on executors; command line means on a person's own machine. Day-to-day rises of what each instance counts by source, so both together may differ a little from all that were created. At least 12 months are shown.
caption: "From the UI: server-side, on executors. Pale: not over."
rows_of: batch_changes/created_and_closed
columns:
  created: {hidden: true}
  closed: {hidden: true}
  created_executor: {hidden: false}
  created_local: {hidden: false}
chart: {kind: stacked_bar, x: month, y: [created_executor, created_local]}
at_least: 12
drill: batch_changes/instance_months
*/
