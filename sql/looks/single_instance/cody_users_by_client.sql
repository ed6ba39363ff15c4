/*
title: Cody users by client
question: Where do people use Cody?
definition: Users of Cody's features in the month in VS Code, in JetBrains editors and on the web, as the instance reports them. One person may use several, so the lines overlap.
caption: "Lines overlap. Dashed: not over."
rows_of: single_instance/cody_users
columns:
  cody_users: {hidden: true}
  cody_product_users: {hidden: true}
  cody_vscode_users: {hidden: false}
  cody_jetbrains_users: {hidden: false}
  cody_web_users: {hidden: false}
chart: {kind: line, x: month, y: [cody_vscode_users, cody_jetbrains_users, cody_web_users]}
sent: {field: cody_usage, since: "5.3"}
*/
