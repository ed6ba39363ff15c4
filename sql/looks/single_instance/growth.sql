/*
title: Users gained and lost
question: Who came, came back and left?
definition: Users created in the month, users who came back after a month without activity, users active the month before who were not this month (left), and user accounts deleted. Users active in both months are retained. As the month's last ping has it, which may come hours before the month's end. While the month runs, all who were not there yet count as left.
caption: Per month. Retained users in the table.
rows_of: single_instance/users
columns:
  monthly_users: {hidden: true}
  weekly_users: {hidden: true}
  daily_users: {hidden: true}
  created_users: {hidden: false}
  resurrected_users: {hidden: false}
  churned_users: {hidden: false}
  deleted_users: {hidden: false}
  retained_users: {hidden: false}
chart:
  kind: stacked_bar
  x: month
  y: [created_users, resurrected_users, churned_users, deleted_users]
  below: [churned_users, deleted_users]
  order: given
sent: {field: growth_statistics, since: "4.0"}
*/
