-- How the addresses of the last thirty runs ended, and why: the outcomes of a run add up.
SELECT tally.outcome, tally.reason, source.name AS outlet, sum(tally.addresses) AS addresses
FROM tally
JOIN source ON source.id = tally.source_id
WHERE tally.run_id > (SELECT max(id) - 30 FROM run)
GROUP BY tally.outcome, tally.reason, source.name
ORDER BY addresses DESC;
