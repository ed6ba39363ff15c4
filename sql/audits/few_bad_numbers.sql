-- Numbers sent as text that are no counts ("-1", "1e3", blank): a few come from odd instances, many mean that the
-- form of pings has changed.
AUDIT (
  name few_bad_numbers,
  blocking false
);

SELECT SUM(numbers_unusable) AS unusable, SUM(numbers_sent) AS sent
FROM @this_model
HAVING SUM(numbers_unusable) >= 0.01 * SUM(numbers_sent) AND SUM(numbers_unusable) > 0
