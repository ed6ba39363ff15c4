/*
title: Instances by deployment type
question: How do people run Sourcegraph?
definition: Instances with at least one ping in the month, by the deployment type of the month's last ping. Old versions send none.
caption: "Active instances in the month. Pale: not over."
grain: one row a month and deployment type
period: month
columns:
  month: {label: Month, type: DATE, format: month}
  deployment_type:
    label: Deployment type
    type: STRING
    names:
      kubernetes: Kubernetes
      helm: Helm
      kustomize: Kustomize
      docker-compose: Docker Compose
      docker-container: Docker container
      pure-docker: Pure Docker
      server: Single container
      app: App
  instances: {label: Instances, type: INT64, format: integer, rollup: sum, unit: instances}
filters: {account_name: account_key, installer_email: installer_email, account_type: account_type, instance_type: instance_type, date: month}
chart: {kind: stacked_bar, x: month, y: instances, series: deployment_type}
drill: company_metrics/active_instances
budget: 200 MB
looker: look 1520
*/
SELECT
  month,
  deploy_type AS deployment_type,
  COUNT(*) AS instances
FROM analytics.instance_months
WHERE @filters
  AND pings > 0
GROUP BY month, deployment_type
ORDER BY month, deployment_type
