/*
title: Licence keys
question: Whose is a licence key, and which instances sent it?
definition: The licence keys that the chosen instance ever sent; where a search finds no instance, the licences that fit it by key, licence id, account, site id or installer email. Each with the account that bought it, the instance that sent it and the addresses sent with it. An instance may send the key of another account; then both accounts are told.
caption: Whose licence each is, and which instance sent it.
grain: one row a licence key and instance
period: instant
columns:
  license_key: {label: Licence key, type: STRING, format: code}
  account_name: {label: Licence of, type: STRING}
  plan: {label: Plan, type: STRING, names: {enterprise: Enterprise, team: Team, trial: Trial, free: Free}}
  ends_on: {label: Ends, type: DATE, format: date}
  sent_by: {label: Sent by, type: STRING}
  site_id: {label: Site id, type: STRING, hidden: true}
  installer_emails: {label: Installer emails, type: STRING}
  last_sent_on: {label: Last sent, type: DATE, format: date}
filters: {find: licences.search_terms, site: licences.site_id}
chart: {kind: table, series: license_key}
opens: {filters: {site: site_id}}
sent: {field: license_key, since: "5.0"}
budget: 100 MB
looker: look 1597
*/
SELECT
  licences.license_key,
  CASE WHEN licences.license_id IS NULL THEN 'No licence has this key' ELSE licences.account_name END AS account_name,
  licences.plan,
  DATE(licences.expires_at) AS ends_on,
  CASE
    WHEN licences.site_id IS NULL THEN 'No instance'
    ELSE COALESCE(instances.account_name, 'An instance without account')
  END AS sent_by,
  licences.site_id,
  NULLIF(ARRAY_TO_STRING(licences.installer_emails, ', '), '') AS installer_emails,
  licences.last_sent_on
FROM analytics.licence_keys AS licences
LEFT JOIN analytics.instances AS instances ON licences.site_id = instances.site_id
WHERE @filters
ORDER BY licences.last_sent_on DESC, licences.created_at DESC, licences.license_key, licences.site_id
