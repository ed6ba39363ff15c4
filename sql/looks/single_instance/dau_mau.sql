/*
title: How often users come back
question: How often do monthly users come back?
definition: Mean daily users of the month divided by its monthly users. The mean is over the month's complete days that have a figure.
caption: "Daily / monthly users. Dashed: not over."
rows_of: single_instance/users
columns:
  weekly_users: {hidden: true}
  dau_mau: {hidden: false}
chart: {kind: line, x: month, y: dau_mau}
sent: {field: site_activity, since: "4.0"}
*/
