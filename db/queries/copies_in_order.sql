-- Each text that more than one outlet printed, with its copies in order of appearance.
-- The order is that of the claimed moments; it does not say who copied from whom.
SELECT first.title                    AS text,
       source.name                    AS outlet,
       source.publisher               AS publisher,
       article.published_at           AS published_at,
       article.url                    AS url
FROM article
JOIN article AS first ON first.id = article.representative_id
JOIN source ON source.id = article.source_id
WHERE article.representative_id IN (
    SELECT representative_id FROM article GROUP BY representative_id HAVING count(DISTINCT source_id) > 1
)
ORDER BY first.published_at, first.id, article.published_at;
