-- SSC's side is what the board's other figures say, and whoever is on one side only stands among the rows.
AUDIT (
  name cody_pro_differences_add_up
);

WITH one_sided AS (
  SELECT
    day,
    COUNTIF(in_ssc AND NOT in_stripe) AS ssc_only,
    COUNTIF(in_stripe AND NOT in_ssc) AS stripe_only
  FROM analytics.cody_pro_reconciliation
  GROUP BY day
)
SELECT compared.day
FROM @this_model AS compared
INNER JOIN analytics.cody_pro_days AS days ON compared.day = days.day
LEFT JOIN one_sided ON compared.day = one_sided.day
WHERE compared.active_ssc != days.active_subscribers
  OR compared.new_ssc != days.new_subscribers
  OR compared.active_ssc - compared.active_both != COALESCE(one_sided.ssc_only, 0)
  OR compared.active_stripe - compared.active_both != COALESCE(one_sided.stripe_only, 0)
  OR compared.active_either != compared.active_ssc + compared.active_stripe - compared.active_both
