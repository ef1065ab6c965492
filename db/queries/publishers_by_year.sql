-- Who writes about the holiday: articles by kind of publisher and year.
SELECT strftime('%Y', article.published_at, '+4 hours') AS year,
       source.publisher                                 AS publisher,
       count(*)                                         AS articles,
       count(DISTINCT source.id)                        AS outlets
FROM article
JOIN source ON source.id = article.source_id
WHERE article.verdict = 'about'
GROUP BY year, publisher
ORDER BY year, articles DESC;
