-- Every amount is a whole number of months' prices; dollars in place of cents, or a price that changed, show here.
AUDIT (
  name cody_pro_whole_cents
);

SELECT day, daily_revenue, daily_revenue_added, daily_revenue_retained, mrr, arr
FROM @this_model
WHERE daily_revenue != 900 * daily_subscribers
  OR daily_revenue_added != 900 * new_subscribers
  OR daily_revenue_retained != 900 * retained_subscribers
  OR mrr != 900 * active_subscribers
  OR arr != 12 * mrr
