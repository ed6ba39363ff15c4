AUDIT (
  name mapped_accounts_exist,
  blocking false
);

SELECT DISTINCT map.site_id, map.account_id
FROM sourcegraph_analytics.instance_accounts AS map
LEFT JOIN @this_model AS accounts ON map.account_id = accounts.account_id
WHERE accounts.account_id IS NULL
