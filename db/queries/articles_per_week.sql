-- Articles and distinct texts about the holiday, by ISO week of Baku (UTC+4 since 2016).
-- Monday of the week is shown, since strftime knows no ISO weeks.
SELECT date(published_at, '+4 hours', '-6 days', 'weekday 1') AS monday,
       count(*)                                               AS articles,
       count(DISTINCT coalesce(representative_id, id))        AS texts
FROM article
WHERE verdict = 'about'
GROUP BY monday
ORDER BY monday;
