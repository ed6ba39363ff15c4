/*
title: Instances and contributors
question: How many instances use batch changes, and how many people contribute to them?
definition: Instances with batch change users in the month, and contributors as each instance counts them from the month's start, added over instances. A person on two instances counts twice. Never added over months. At least 12 months are shown.
caption: "Instances with batch change users. Dashed: not over."
rows_of: batch_changes/created_and_closed
columns:
  created: {hidden: true}
  closed: {hidden: true}
  contributors: {hidden: false}
  instances: {hidden: false}
chart: {kind: line, x: month, y: [contributors, instances]}
at_least: 12
drill: batch_changes/instance_months
*/
