-- A licence key may be used by an instance that the map gives to another account: somebody should look. The map wins.
AUDIT (
  name licence_and_map_agree,
  blocking false
);

SELECT DISTINCT days.site_id, days.account_id AS mapped_to, licences.account_id AS licensed_to
FROM @this_model AS days
INNER JOIN sourcegraph_analytics.licenses AS licences ON days.license_key = licences.license_key
WHERE days.pings > 0
  AND licences.account_id IS NOT NULL
  AND days.account_id IS NOT NULL
  AND days.account_id != licences.account_id
