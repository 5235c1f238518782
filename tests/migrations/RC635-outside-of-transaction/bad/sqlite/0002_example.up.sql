INSERT INTO notes (note) VALUES ('BEGIN');
--^^^^
