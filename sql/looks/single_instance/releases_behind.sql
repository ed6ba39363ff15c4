/*
title: Releases behind
question: Does the instance keep up with releases?
definition: Minor releases newer than the version of the month's last ping that were out by the month's end. Versions that say nothing (dev, blank, App) have none.
caption: "Minor releases. Dashed: not over."
rows_of: single_instance/users
columns:
  monthly_users: {hidden: true}
  weekly_users: {hidden: true}
  daily_users: {hidden: true}
  releases_behind: {hidden: false}
chart: {kind: line, x: month, y: releases_behind}
*/
