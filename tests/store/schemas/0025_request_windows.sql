-- de86905e5ac460eb62ccf0a83446b88906c5677b8f8cc267d1124c42939194ed
BEGIN TRANSACTION;
CREATE TABLE account (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	handle VARCHAR NOT NULL, 
	email VARCHAR, 
	role INTEGER NOT NULL, 
	password VARCHAR, 
	disabled_at DATETIME, 
	signed_in_at DATETIME, 
	created_by VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_account PRIMARY KEY (id), 
	CONSTRAINT uq_account_email UNIQUE (email), 
	CONSTRAINT uq_account_handle UNIQUE (handle)
);
INSERT INTO "account" VALUES(1,'the name','the handle','the email',1,'the password','2026-11-01 05:00:00.000000','2026-11-01 05:00:00.000000','the created_by','2026-11-01 05:00:00.000000');
CREATE TABLE address_list (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	addresses INTEGER NOT NULL, 
	digest VARCHAR NOT NULL, 
	path VARCHAR, 
	created_by VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_address_list PRIMARY KEY (id), 
	CONSTRAINT uq_address_list_name UNIQUE (name)
);
INSERT INTO "address_list" VALUES(1,'the name',1,'the digest','the path','the created_by','2026-11-01 05:00:00.000000');
CREATE TABLE addresses (
	digest VARCHAR NOT NULL, 
	locked VARCHAR NOT NULL, 
	CONSTRAINT pk_addresses PRIMARY KEY (digest)
);
INSERT INTO "addresses" VALUES('the digest','the locked');
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0025');
CREATE TABLE alert (
	id INTEGER NOT NULL, 
	uid VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	reason VARCHAR NOT NULL, 
	recovered BOOLEAN NOT NULL, 
	export_id INTEGER, 
	title VARCHAR NOT NULL, 
	text VARCHAR NOT NULL, 
	path VARCHAR NOT NULL, 
	CONSTRAINT pk_alert PRIMARY KEY (id), 
	CONSTRAINT fk_alert_export_id FOREIGN KEY(export_id) REFERENCES export (id) ON DELETE SET NULL, 
	CONSTRAINT uq_alert_uid UNIQUE (uid)
);
INSERT INTO "alert" VALUES(1,'the uid','2026-11-01 05:00:00.000000','the reason',1,1,'the title','the text','the path');
CREATE TABLE alert_channel (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	account_id INTEGER, 
	service VARCHAR NOT NULL, 
	address VARCHAR NOT NULL, 
	reference VARCHAR, 
	mail VARCHAR, 
	exports JSON NOT NULL, 
	reasons JSON NOT NULL, 
	digest_at VARCHAR, 
	problem VARCHAR, 
	failing_since DATETIME, 
	delivered_at DATETIME, 
	created_by VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_alert_channel PRIMARY KEY (id), 
	CONSTRAINT fk_alert_channel_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE CASCADE
);
INSERT INTO "alert_channel" VALUES(1,'the name',1,'the service','the address','the reference','the mail','{}','{}','the digest_at','the problem','2026-11-01 05:00:00.000000','2026-11-01 05:00:00.000000','the created_by','2026-11-01 05:00:00.000000');
CREATE TABLE alert_cursor (
	subject VARCHAR NOT NULL, 
	seen INTEGER NOT NULL, 
	CONSTRAINT pk_alert_cursor PRIMARY KEY (subject)
);
INSERT INTO "alert_cursor" VALUES('the subject',1);
CREATE TABLE alert_delivery (
	id INTEGER NOT NULL, 
	alert_id INTEGER, 
	channel_id INTEGER, 
	heartbeat VARCHAR, 
	digest BOOLEAN NOT NULL, 
	made_at DATETIME NOT NULL, 
	due_at DATETIME NOT NULL, 
	tries INTEGER NOT NULL, 
	status VARCHAR(8) NOT NULL, 
	answer VARCHAR, 
	settled_at DATETIME, 
	CONSTRAINT pk_alert_delivery PRIMARY KEY (id), 
	CONSTRAINT fk_alert_delivery_alert_id FOREIGN KEY(alert_id) REFERENCES alert (id) ON DELETE CASCADE, 
	CONSTRAINT fk_alert_delivery_channel_id FOREIGN KEY(channel_id) REFERENCES alert_channel (id) ON DELETE CASCADE, 
	CONSTRAINT uq_alert_delivery_alert_id UNIQUE (alert_id, channel_id)
);
INSERT INTO "alert_delivery" VALUES(1,1,1,'the heartbeat',1,'2026-11-01 05:00:00.000000','2026-11-01 05:00:00.000000',1,'the status','the answer','2026-11-01 05:00:00.000000');
CREATE TABLE alert_state (
	subject VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	detail VARCHAR NOT NULL, 
	since DATETIME NOT NULL, 
	CONSTRAINT pk_alert_state PRIMARY KEY (subject, reason)
);
INSERT INTO "alert_state" VALUES('the subject','the reason','the detail','2026-11-01 05:00:00.000000');
CREATE TABLE api_request (
	token_id INTEGER NOT NULL, 
	"key" VARCHAR NOT NULL, 
	request VARCHAR NOT NULL, 
	run_id INTEGER, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_api_request PRIMARY KEY (token_id, "key"), 
	CONSTRAINT fk_api_request_token_id FOREIGN KEY(token_id) REFERENCES api_token (id) ON DELETE CASCADE, 
	CONSTRAINT fk_api_request_run_id FOREIGN KEY(run_id) REFERENCES run (id) ON DELETE CASCADE
);
INSERT INTO "api_request" VALUES(1,'the key','the request',1,'2026-11-01 05:00:00.000000');
CREATE TABLE api_token (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	digest VARCHAR NOT NULL, 
	refresh BOOLEAN NOT NULL, 
	sees_people BOOLEAN NOT NULL, 
	created_by VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	used_at DATETIME, measures BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_api_token PRIMARY KEY (id), 
	CONSTRAINT uq_api_token_digest UNIQUE (digest), 
	CONSTRAINT uq_api_token_name UNIQUE (name)
);
INSERT INTO "api_token" VALUES(1,'the name','the digest',1,1,'the created_by','2026-11-01 05:00:00.000000','2026-11-01 05:00:00.000000',1);
CREATE TABLE api_token_export (
	token_id INTEGER NOT NULL, 
	export_id INTEGER NOT NULL, 
	CONSTRAINT pk_api_token_export PRIMARY KEY (token_id, export_id), 
	CONSTRAINT fk_api_token_export_token_id FOREIGN KEY(token_id) REFERENCES api_token (id) ON DELETE CASCADE, 
	CONSTRAINT fk_api_token_export_export_id FOREIGN KEY(export_id) REFERENCES export (id) ON DELETE CASCADE
);
INSERT INTO "api_token_export" VALUES(1,1);
CREATE TABLE attempt (
	subject VARCHAR NOT NULL, 
	tries INTEGER NOT NULL, 
	last_at DATETIME NOT NULL, 
	paused_until DATETIME, 
	CONSTRAINT pk_attempt PRIMARY KEY (subject)
);
INSERT INTO "attempt" VALUES('the subject',1,'2026-11-01 05:00:00.000000','2026-11-01 05:00:00.000000');
CREATE TABLE audit (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	"by" VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	origin VARCHAR NOT NULL, 
	action VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	what VARCHAR NOT NULL, 
	refused BOOLEAN NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (id)
);
INSERT INTO "audit" VALUES(1,'2026-11-01 05:00:00.000000','the by','the role','the origin','the action','the kind','the what',1);
CREATE TABLE authorization (
	digest VARCHAR NOT NULL, 
	account_id INTEGER NOT NULL, 
	base_url VARCHAR NOT NULL, 
	redirect_uri VARCHAR NOT NULL, 
	verifier VARCHAR NOT NULL, 
	tokens VARCHAR, 
	problem VARCHAR, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_authorization PRIMARY KEY (digest), 
	CONSTRAINT fk_authorization_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE CASCADE
);
INSERT INTO "authorization" VALUES('the digest',1,'the base_url','the redirect_uri','the verifier','the tokens','the problem','2026-11-01 05:00:00.000000');
CREATE TABLE connection (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	type VARCHAR NOT NULL, 
	base_url VARCHAR NOT NULL, 
	secret VARCHAR NOT NULL, 
	secret_ending VARCHAR NOT NULL, 
	secret_reference VARCHAR, 
	shared_with VARCHAR NOT NULL, 
	agreed_by VARCHAR NOT NULL, 
	agreed_version VARCHAR NOT NULL, 
	agreed_at DATETIME NOT NULL, 
	account_id VARCHAR, 
	account_name VARCHAR, 
	checked_at DATETIME, 
	problem VARCHAR, 
	created_by VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, people JSON DEFAULT '[]' NOT NULL, former_secret VARCHAR, former_ending VARCHAR, oauth VARCHAR, test_account BOOLEAN, time_zone VARCHAR, state VARCHAR(12) DEFAULT 'unchecked' NOT NULL, missing JSON DEFAULT '[]' NOT NULL, used_at DATETIME, export_user_id INTEGER, removal JSON, owner_id INTEGER, plan_profiles INTEGER, active_profiles INTEGER, active_at DATETIME, sample BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_connection PRIMARY KEY (id), 
	CONSTRAINT uq_connection_name UNIQUE (name)
);
INSERT INTO "connection" VALUES(1,'the name','the type','the base_url','the secret','the secret_ending','the secret_reference','the shared_with','the agreed_by','the agreed_version','2026-11-01 05:00:00.000000','the account_id','the account_name','2026-11-01 05:00:00.000000','the problem','the created_by','2026-11-01 05:00:00.000000','{}','the former_secret','the former_ending','the oauth',1,'the time_zone','the state','{}','2026-11-01 05:00:00.000000',1,'{}',1,1,1,'2026-11-01 05:00:00.000000',1);
CREATE TABLE draft (
	account_id INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	thing_id INTEGER NOT NULL, 
	data JSON NOT NULL, 
	base JSON NOT NULL, 
	began_at DATETIME NOT NULL, 
	changed_at DATETIME NOT NULL, 
	CONSTRAINT pk_draft PRIMARY KEY (account_id, kind, thing_id), 
	CONSTRAINT fk_draft_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE CASCADE
);
INSERT INTO "draft" VALUES(1,'the kind',1,'{}','{}','2026-11-01 05:00:00.000000','2026-11-01 05:00:00.000000');
CREATE TABLE erased (
	digest VARCHAR NOT NULL, 
	mark BIGINT NOT NULL, 
	erasure_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_erased PRIMARY KEY (digest), 
	CONSTRAINT fk_erased_erasure_id FOREIGN KEY(erasure_id) REFERENCES erasure (id) ON DELETE RESTRICT
);
INSERT INTO "erased" VALUES('the digest',1,1,'2026-11-01 05:00:00.000000');
CREATE TABLE erasure (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	"by" VARCHAR NOT NULL, 
	digests JSON NOT NULL, 
	locked VARCHAR, 
	steps JSON NOT NULL, 
	finished_at DATETIME, 
	CONSTRAINT pk_erasure PRIMARY KEY (id)
);
INSERT INTO "erasure" VALUES(1,'2026-11-01 05:00:00.000000','the by','{}','the locked','{}','2026-11-01 05:00:00.000000');
CREATE TABLE export (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	connection_id INTEGER, 
	list_id VARCHAR NOT NULL, 
	list_name VARCHAR, 
	spec JSON NOT NULL, 
	created_by VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, sample BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_export PRIMARY KEY (id), 
	CONSTRAINT fk_export_connection_id FOREIGN KEY(connection_id) REFERENCES connection (id) ON DELETE SET NULL, 
	CONSTRAINT uq_export_name UNIQUE (name)
);
INSERT INTO "export" VALUES(1,'the name',1,'the list_id','the list_name','{}','the created_by','2026-11-01 05:00:00.000000',1);
CREATE TABLE export_segment (
	export_id INTEGER NOT NULL, 
	segment_id INTEGER NOT NULL, 
	place INTEGER NOT NULL, excluded BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_export_segment PRIMARY KEY (export_id, segment_id), 
	CONSTRAINT fk_export_segment_export_id FOREIGN KEY(export_id) REFERENCES export (id) ON DELETE CASCADE, 
	CONSTRAINT fk_export_segment_segment_id FOREIGN KEY(segment_id) REFERENCES segment (id) ON DELETE RESTRICT
);
INSERT INTO "export_segment" VALUES(1,1,1,1);
CREATE TABLE job (
	run_id INTEGER NOT NULL, 
	batch INTEGER NOT NULL, 
	job_id VARCHAR, 
	profiles INTEGER NOT NULL, 
	bytes INTEGER NOT NULL, 
	status VARCHAR(12) NOT NULL, 
	accepted INTEGER NOT NULL, 
	refused INTEGER NOT NULL, 
	error VARCHAR, 
	sent_at DATETIME NOT NULL, 
	settled_at DATETIME, 
	checks INTEGER NOT NULL, 
	misses INTEGER NOT NULL, 
	checked_at DATETIME, 
	CONSTRAINT pk_job PRIMARY KEY (run_id, batch), 
	CONSTRAINT fk_job_run_id FOREIGN KEY(run_id) REFERENCES run (id) ON DELETE CASCADE
);
INSERT INTO "job" VALUES(1,1,'the job_id',1,1,'the status',1,1,'the error','2026-11-01 05:00:00.000000','2026-11-01 05:00:00.000000',1,1,'2026-11-01 05:00:00.000000');
CREATE TABLE own_key (
	name VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	CONSTRAINT pk_own_key PRIMARY KEY (name)
);
INSERT INTO "own_key" VALUES('the name','the value');
CREATE TABLE preference (
	name VARCHAR NOT NULL, 
	value JSON NOT NULL, 
	CONSTRAINT pk_preference PRIMARY KEY (name)
);
INSERT INTO "preference" VALUES('the name','{}');
CREATE TABLE proposal (
	id INTEGER NOT NULL, 
	export_id INTEGER NOT NULL, 
	spec JSON NOT NULL, 
	base JSON NOT NULL, 
	list_name VARCHAR, 
	"by" VARCHAR NOT NULL, 
	account_id INTEGER, 
	at DATETIME NOT NULL, 
	decided_by VARCHAR, 
	decided_at DATETIME, 
	approved BOOLEAN, 
	CONSTRAINT pk_proposal PRIMARY KEY (id), 
	CONSTRAINT fk_proposal_export_id FOREIGN KEY(export_id) REFERENCES export (id) ON DELETE CASCADE
);
INSERT INTO "proposal" VALUES(1,1,'{}','{}','the list_name','the by',1,'2026-11-01 05:00:00.000000','the decided_by','2026-11-01 05:00:00.000000',1);
CREATE TABLE reading (
	connection_id INTEGER NOT NULL, 
	what VARCHAR NOT NULL, 
	asked_at DATETIME NOT NULL, 
	data JSON NOT NULL, 
	CONSTRAINT pk_reading PRIMARY KEY (connection_id, what), 
	CONSTRAINT fk_reading_connection_id FOREIGN KEY(connection_id) REFERENCES connection (id) ON DELETE CASCADE
);
INSERT INTO "reading" VALUES(1,'the what','2026-11-01 05:00:00.000000','{}');
CREATE TABLE refresh (
	id INTEGER NOT NULL, 
	"by" VARCHAR NOT NULL, 
	origin VARCHAR NOT NULL, 
	source VARCHAR, 
	status VARCHAR(12) NOT NULL, 
	problem VARCHAR, 
	started_at DATETIME NOT NULL, 
	finished_at DATETIME, 
	CONSTRAINT pk_refresh PRIMARY KEY (id)
);
INSERT INTO "refresh" VALUES(1,'the by','the origin','the source','the status','the problem','2026-11-01 05:00:00.000000','2026-11-01 05:00:00.000000');
CREATE TABLE refreshed_source (
	id INTEGER NOT NULL, 
	refresh_id INTEGER NOT NULL, 
	source_id INTEGER, 
	name VARCHAR NOT NULL, 
	status VARCHAR(12) NOT NULL, 
	started_at DATETIME, 
	finished_at DATETIME, 
	rows BIGINT, 
	problem VARCHAR, 
	freshness JSON, 
	segments JSON NOT NULL, 
	skipped JSON NOT NULL, 
	CONSTRAINT pk_refreshed_source PRIMARY KEY (id), 
	CONSTRAINT fk_refreshed_source_refresh_id FOREIGN KEY(refresh_id) REFERENCES refresh (id) ON DELETE CASCADE, 
	CONSTRAINT fk_refreshed_source_source_id FOREIGN KEY(source_id) REFERENCES source (id) ON DELETE SET NULL
);
INSERT INTO "refreshed_source" VALUES(1,1,1,'the name','the status','2026-11-01 05:00:00.000000','2026-11-01 05:00:00.000000',1,'the problem','{}','{}','{}');
CREATE TABLE request_window (
	owner VARCHAR NOT NULL, 
	rate VARCHAR NOT NULL, 
	state JSON NOT NULL, 
	CONSTRAINT pk_request_window PRIMARY KEY (owner, rate)
);
INSERT INTO "request_window" VALUES('the owner','the rate','{}');
CREATE TABLE run (
	id INTEGER NOT NULL, 
	export_id INTEGER, 
	export VARCHAR NOT NULL, 
	account VARCHAR NOT NULL, 
	list_id VARCHAR NOT NULL, 
	"trigger" VARCHAR NOT NULL, 
	"by" VARCHAR NOT NULL, 
	status VARCHAR(12) NOT NULL, 
	stage VARCHAR, 
	stage_share FLOAT NOT NULL, 
	"order" JSON NOT NULL, 
	part INTEGER NOT NULL, 
	parts INTEGER NOT NULL, 
	first_id INTEGER, 
	retry_of INTEGER, 
	stop_asked_by VARCHAR, 
	aboard BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	started_at DATETIME, 
	progressed_at DATETIME, 
	finished_at DATETIME, 
	segments JSON NOT NULL, 
	members INTEGER NOT NULL, 
	valid INTEGER NOT NULL, 
	rejected JSON NOT NULL, 
	warnings JSON NOT NULL, 
	batches INTEGER NOT NULL, 
	batches_sent INTEGER NOT NULL, 
	sent INTEGER NOT NULL, 
	accepted INTEGER NOT NULL, 
	refused INTEGER NOT NULL, 
	undelivered INTEGER NOT NULL, 
	unchanged INTEGER NOT NULL, 
	removed INTEGER NOT NULL, 
	requests INTEGER NOT NULL, 
	throttled INTEGER NOT NULL, 
	error VARCHAR, hold VARCHAR, holds INTEGER DEFAULT '0' NOT NULL, export_user VARCHAR, added INTEGER DEFAULT '0' NOT NULL, updated INTEGER DEFAULT '0' NOT NULL, leaving INTEGER DEFAULT '0' NOT NULL, asking INTEGER, confirmed INTEGER, read_back JSON, cleared INTEGER DEFAULT '0' NOT NULL, new_profiles INTEGER, missing INTEGER DEFAULT '0' NOT NULL, not_sent INTEGER DEFAULT '0' NOT NULL, counting INTEGER DEFAULT '0' NOT NULL, held JSON DEFAULT '[]' NOT NULL, columns JSON, sample BOOLEAN DEFAULT 0 NOT NULL, refusals JSON, connection_id INTEGER, rejects_removed_at DATETIME, files_removed_at DATETIME, kind VARCHAR(12) DEFAULT 'export' NOT NULL, undo_of INTEGER, undo JSON, seconds FLOAT, list_size INTEGER, 
	CONSTRAINT pk_run PRIMARY KEY (id), 
	CONSTRAINT fk_run_export_id FOREIGN KEY(export_id) REFERENCES export (id) ON DELETE SET NULL
);
INSERT INTO "run" VALUES(1,1,'the export','the account','the list_id','the trigger','the by','the status','the stage',1.0,'{}',1,1,1,1,'the stop_asked_by',1,'2026-11-01 05:00:00.000000','2026-11-01 05:00:00.000000','2026-11-01 05:00:00.000000','2026-11-01 05:00:00.000000','{}',1,1,'{}','{}',1,1,1,1,1,1,1,1,1,1,'the error','the hold',1,'the export_user',1,1,1,1,1,'{}',1,1,1,1,1,'{}','{}',1,'{}',1,'2026-11-01 05:00:00.000000','2026-11-01 05:00:00.000000','the kind',1,'{}',1.0,1);
CREATE TABLE run_detail (
	run_id INTEGER NOT NULL, 
	source JSON, 
	requests JSON, 
	CONSTRAINT pk_run_detail PRIMARY KEY (run_id), 
	CONSTRAINT fk_run_detail_run_id FOREIGN KEY(run_id) REFERENCES run (id) ON DELETE CASCADE
);
INSERT INTO "run_detail" VALUES(1,'{}','{}');
CREATE TABLE segment (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	source_id INTEGER NOT NULL, 
	rules JSON NOT NULL, 
	active BOOLEAN NOT NULL, 
	members BIGINT, 
	total BIGINT, 
	counted_at DATETIME, 
	created_by VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, sample BOOLEAN DEFAULT 0 NOT NULL, problem VARCHAR, touched_at DATETIME, 
	CONSTRAINT pk_segment PRIMARY KEY (id), 
	CONSTRAINT fk_segment_source_id FOREIGN KEY(source_id) REFERENCES source (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_segment_name UNIQUE (name)
);
INSERT INTO "segment" VALUES(1,'the name',1,'{}',1,1,1,'2026-11-01 05:00:00.000000','the created_by','2026-11-01 05:00:00.000000',1,'the problem','2026-11-01 05:00:00.000000');
CREATE TABLE segment_size (
	segment_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	members BIGINT NOT NULL, 
	total BIGINT NOT NULL, 
	CONSTRAINT pk_segment_size PRIMARY KEY (segment_id, at), 
	CONSTRAINT fk_segment_size_segment_id FOREIGN KEY(segment_id) REFERENCES segment (id) ON DELETE CASCADE
);
INSERT INTO "segment_size" VALUES(1,'2026-11-01 05:00:00.000000',1,1);
CREATE TABLE session (
	digest VARCHAR NOT NULL, 
	account_id INTEGER NOT NULL, 
	address VARCHAR NOT NULL, 
	agent VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	seen_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_session PRIMARY KEY (digest), 
	CONSTRAINT fk_session_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE CASCADE
);
INSERT INTO "session" VALUES('the digest',1,'the address','the agent','2026-11-01 05:00:00.000000','2026-11-01 05:00:00.000000','2026-11-01 05:00:00.000000');
CREATE TABLE "slot" (
	id INTEGER NOT NULL, 
	schedule VARCHAR NOT NULL, 
	export_id INTEGER, 
	name VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	outcome VARCHAR(8) NOT NULL, 
	reason VARCHAR, 
	run_id INTEGER, 
	token_id INTEGER, 
	CONSTRAINT pk_slot PRIMARY KEY (id), 
	CONSTRAINT uq_slot_schedule UNIQUE (schedule, at), 
	CONSTRAINT fk_slot_run_id FOREIGN KEY(run_id) REFERENCES run (id) ON DELETE SET NULL, 
	CONSTRAINT fk_slot_export_id FOREIGN KEY(export_id) REFERENCES export (id) ON DELETE SET NULL, 
	CONSTRAINT fk_slot_token_id FOREIGN KEY(token_id) REFERENCES api_token (id) ON DELETE SET NULL
);
INSERT INTO "slot" VALUES(1,'the schedule',1,'the name','2026-11-01 05:00:00.000000','the outcome','the reason',1,1);
CREATE TABLE source (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	type VARCHAR NOT NULL, 
	path VARCHAR NOT NULL, 
	spec JSON NOT NULL, 
	fields JSON, 
	rows BIGINT, 
	read_at DATETIME, 
	problem VARCHAR, 
	created_by VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, confined BOOLEAN DEFAULT 0 NOT NULL, everyday JSON, sample BOOLEAN DEFAULT 0 NOT NULL, freshness JSON, secret VARCHAR, secret_reference VARCHAR, 
	CONSTRAINT pk_source PRIMARY KEY (id), 
	CONSTRAINT uq_source_name UNIQUE (name)
);
INSERT INTO "source" VALUES(1,'the name','the type','the path','{}','{}',1,'2026-11-01 05:00:00.000000','the problem','the created_by','2026-11-01 05:00:00.000000',1,'{}',1,'{}','the secret','the secret_reference');
CREATE TABLE source_profile (
	refreshed_id INTEGER NOT NULL, 
	data JSON NOT NULL, 
	CONSTRAINT pk_source_profile PRIMARY KEY (refreshed_id), 
	CONSTRAINT fk_source_profile_refreshed_id FOREIGN KEY(refreshed_id) REFERENCES refreshed_source (id) ON DELETE CASCADE
);
INSERT INTO "source_profile" VALUES(1,'{}');
CREATE TABLE ticket (
	digest VARCHAR NOT NULL, 
	purpose VARCHAR NOT NULL, 
	account_id INTEGER, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_ticket PRIMARY KEY (digest), 
	CONSTRAINT fk_ticket_account_id FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE CASCADE
);
INSERT INTO "ticket" VALUES('the digest','the purpose',1,'2026-11-01 05:00:00.000000');
CREATE INDEX ix_export_connection_id ON export (connection_id);
CREATE INDEX ix_segment_source_id ON segment (source_id);
CREATE INDEX ix_export_segment_segment_id ON export_segment (segment_id);
CREATE INDEX ix_run_created_at ON run (created_at);
CREATE INDEX ix_run_export_id ON run (export_id);
CREATE INDEX ix_run_status ON run (status);
CREATE UNIQUE INDEX one_active_run_per_export ON run (export_id, part) WHERE finished_at is null;
CREATE UNIQUE INDEX one_run_aboard_per_account ON run (account) WHERE finished_at is null and aboard;
CREATE INDEX ix_audit_action ON audit (action);
CREATE INDEX ix_audit_at ON audit (at);
CREATE INDEX ix_audit_by ON audit ("by");
CREATE INDEX ix_session_account_id ON session (account_id);
CREATE INDEX ix_session_expires_at ON session (expires_at);
CREATE INDEX ix_ticket_account_id ON ticket (account_id);
CREATE INDEX ix_ticket_expires_at ON ticket (expires_at);
CREATE INDEX ix_draft_changed_at ON draft (changed_at);
CREATE INDEX ix_run_connection_id ON run (connection_id);
CREATE INDEX ix_run_finished_at ON run (finished_at);
CREATE INDEX ix_run_by ON run ("by");
CREATE INDEX ix_run_trigger ON run ("trigger");
CREATE INDEX ix_alert_channel_account_id ON alert_channel (account_id);
CREATE INDEX ix_alert_at ON alert (at);
CREATE INDEX ix_alert_export_id ON alert (export_id);
CREATE INDEX ix_alert_delivery_channel_id ON alert_delivery (channel_id);
CREATE INDEX ix_alert_delivery_status ON alert_delivery (status);
CREATE INDEX ix_proposal_export_id ON proposal (export_id);
CREATE UNIQUE INDEX one_open_proposal_per_export ON proposal (export_id) WHERE decided_at is null;
CREATE INDEX ix_run_undo_of ON run (undo_of);
CREATE INDEX ix_api_token_export_export_id ON api_token_export (export_id);
CREATE INDEX ix_api_request_at ON api_request (at);
CREATE INDEX ix_api_request_run_id ON api_request (run_id);
CREATE INDEX ix_run_first_id ON run (first_id) WHERE first_id is not null;
CREATE INDEX ix_run_retry_of ON run (retry_of) WHERE retry_of is not null;
CREATE INDEX run_figures ON run (created_at, status, export_id, export, list_id, connection_id, "trigger", "by", first_id, part, parts, members, valid, unchanged, sent, not_sent, accepted, refused, undelivered, counting, batches, seconds, finished_at);
CREATE INDEX run_counted ON run (account, list_id, finished_at, list_size) WHERE list_size is not null;
CREATE INDEX run_counting ON run (id) WHERE counting > 0;
CREATE INDEX run_recording ON run (id) WHERE stage = 'recording';
CREATE INDEX ix_slot_run_id ON slot (run_id);
CREATE INDEX ix_slot_at ON slot (at);
CREATE INDEX ix_slot_outcome ON slot (outcome);
CREATE INDEX ix_slot_export_id ON slot (export_id);
CREATE INDEX ix_slot_token_id ON slot (token_id);
CREATE INDEX ix_refresh_started_at ON refresh (started_at);
CREATE INDEX refresh_running ON refresh (id) WHERE finished_at is null;
CREATE INDEX ix_refreshed_source_refresh_id ON refreshed_source (refresh_id);
CREATE INDEX ix_refreshed_source_source_id ON refreshed_source (source_id);
CREATE INDEX ix_address_list_digest ON address_list (digest);
COMMIT;
