"""The first schema: every table and every trigger of release 0.1."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TRIGGERS = {
    "sqlite": [
        "CREATE TRIGGER blobs_no_delete BEFORE DELETE ON blobs BEGIN SELECT RAISE(ABORT, 'evidence: blobs rows stay'); END",
        "CREATE TRIGGER blobs_no_update BEFORE UPDATE ON blobs BEGIN SELECT RAISE(ABORT, 'evidence: blobs rows never change'); END",
        "CREATE TRIGGER blobs_no_replace_0 BEFORE INSERT ON blobs WHEN EXISTS (SELECT 1 FROM blobs WHERE sha256 = NEW.sha256) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: blobs has this row'); END",
        "CREATE TRIGGER checkpoints_no_delete BEFORE DELETE ON checkpoints BEGIN SELECT RAISE(ABORT, 'evidence: checkpoints rows stay'); END",
        "CREATE TRIGGER checkpoints_no_update BEFORE UPDATE ON checkpoints BEGIN SELECT RAISE(ABORT, 'evidence: checkpoints rows never change'); END",
        "CREATE TRIGGER checkpoints_no_replace_0 BEFORE INSERT ON checkpoints WHEN EXISTS (SELECT 1 FROM checkpoints WHERE size = NEW.size) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: checkpoints has this row'); END",
        "CREATE TRIGGER custody_events_no_delete BEFORE DELETE ON custody_events BEGIN SELECT RAISE(ABORT, 'evidence: custody_events rows stay'); END",
        "CREATE TRIGGER custody_events_no_update BEFORE UPDATE ON custody_events BEGIN SELECT RAISE(ABORT, 'evidence: custody_events rows never change'); END",
        "CREATE TRIGGER custody_events_no_replace_0 BEFORE INSERT ON custody_events WHEN EXISTS (SELECT 1 FROM custody_events WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: custody_events has this row'); END",
        "CREATE TRIGGER facts_no_delete BEFORE DELETE ON facts BEGIN SELECT RAISE(ABORT, 'evidence: facts rows stay'); END",
        "CREATE TRIGGER facts_no_replace_0 BEFORE INSERT ON facts WHEN EXISTS (SELECT 1 FROM facts WHERE name = NEW.name) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: facts has this row'); END",
        "CREATE TRIGGER issued_reports_no_delete BEFORE DELETE ON issued_reports BEGIN SELECT RAISE(ABORT, 'evidence: issued_reports rows stay'); END",
        "CREATE TRIGGER issued_reports_no_update BEFORE UPDATE ON issued_reports BEGIN SELECT RAISE(ABORT, 'evidence: issued_reports rows never change'); END",
        "CREATE TRIGGER issued_reports_no_replace_0 BEFORE INSERT ON issued_reports WHEN EXISTS (SELECT 1 FROM issued_reports WHERE draft_id = NEW.draft_id) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: issued_reports has this row'); END",
        "CREATE TRIGGER log_entries_no_delete BEFORE DELETE ON log_entries BEGIN SELECT RAISE(ABORT, 'evidence: log_entries rows stay'); END",
        "CREATE TRIGGER log_entries_no_update BEFORE UPDATE ON log_entries BEGIN SELECT RAISE(ABORT, 'evidence: log_entries rows never change'); END",
        "CREATE TRIGGER log_entries_no_replace_0 BEFORE INSERT ON log_entries WHEN EXISTS (SELECT 1 FROM log_entries WHERE seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: log_entries has this row'); END",
        "CREATE TRIGGER log_nodes_no_delete BEFORE DELETE ON log_nodes BEGIN SELECT RAISE(ABORT, 'evidence: log_nodes rows stay'); END",
        "CREATE TRIGGER log_nodes_no_update BEFORE UPDATE ON log_nodes BEGIN SELECT RAISE(ABORT, 'evidence: log_nodes rows never change'); END",
        "CREATE TRIGGER log_nodes_no_replace_0 BEFORE INSERT ON log_nodes WHEN EXISTS (SELECT 1 FROM log_nodes WHERE level = NEW.level AND position = NEW.position) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: log_nodes has this row'); END",
        "CREATE TRIGGER machines_no_delete BEFORE DELETE ON machines BEGIN SELECT RAISE(ABORT, 'evidence: machines rows stay'); END",
        "CREATE TRIGGER machines_no_replace_0 BEFORE INSERT ON machines WHEN EXISTS (SELECT 1 FROM machines WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: machines has this row'); END",
        "CREATE TRIGGER machines_no_replace_1 BEFORE INSERT ON machines WHEN EXISTS (SELECT 1 FROM machines WHERE number = NEW.number) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: machines has this row'); END",
        "CREATE TRIGGER message_closures_no_delete BEFORE DELETE ON message_closures BEGIN SELECT RAISE(ABORT, 'evidence: message_closures rows stay'); END",
        "CREATE TRIGGER message_closures_no_update BEFORE UPDATE ON message_closures BEGIN SELECT RAISE(ABORT, 'evidence: message_closures rows never change'); END",
        "CREATE TRIGGER message_closures_no_replace_0 BEFORE INSERT ON message_closures WHEN EXISTS (SELECT 1 FROM message_closures WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: message_closures has this row'); END",
        "CREATE TRIGGER message_closures_no_replace_1 BEFORE INSERT ON message_closures WHEN EXISTS (SELECT 1 FROM message_closures WHERE message_id = NEW.message_id) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: message_closures has this row'); END",
        "CREATE TRIGGER numbers_no_delete BEFORE DELETE ON numbers BEGIN SELECT RAISE(ABORT, 'evidence: numbers rows stay'); END",
        "CREATE TRIGGER numbers_no_update BEFORE UPDATE ON numbers BEGIN SELECT RAISE(ABORT, 'evidence: numbers rows never change'); END",
        "CREATE TRIGGER numbers_no_replace_0 BEFORE INSERT ON numbers WHEN EXISTS (SELECT 1 FROM numbers WHERE text = NEW.text) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: numbers has this row'); END",
        "CREATE TRIGGER outbox_no_delete BEFORE DELETE ON outbox BEGIN SELECT RAISE(ABORT, 'evidence: outbox rows stay'); END",
        "CREATE TRIGGER outbox_no_replace_0 BEFORE INSERT ON outbox WHEN EXISTS (SELECT 1 FROM outbox WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: outbox has this row'); END",
        "CREATE TRIGGER outbox_no_replace_1 BEFORE INSERT ON outbox WHEN EXISTS (SELECT 1 FROM outbox WHERE kind = NEW.kind AND natural_key = NEW.natural_key) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: outbox has this row'); END",
        "CREATE TRIGGER people_no_delete BEFORE DELETE ON people BEGIN SELECT RAISE(ABORT, 'evidence: people rows stay'); END",
        "CREATE TRIGGER people_no_replace_0 BEFORE INSERT ON people WHEN EXISTS (SELECT 1 FROM people WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: people has this row'); END",
        "CREATE TRIGGER people_no_replace_1 BEFORE INSERT ON people WHEN EXISTS (SELECT 1 FROM people WHERE badge = NEW.badge) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: people has this row'); END",
        "CREATE TRIGGER people_no_replace_2 BEFORE INSERT ON people WHEN EXISTS (SELECT 1 FROM people WHERE name = NEW.name) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: people has this row'); END",
        "CREATE TRIGGER platform_refusals_no_delete BEFORE DELETE ON platform_refusals BEGIN SELECT RAISE(ABORT, 'evidence: platform_refusals rows stay'); END",
        "CREATE TRIGGER platform_refusals_no_update BEFORE UPDATE ON platform_refusals BEGIN SELECT RAISE(ABORT, 'evidence: platform_refusals rows never change'); END",
        "CREATE TRIGGER platform_refusals_no_replace_0 BEFORE INSERT ON platform_refusals WHEN EXISTS (SELECT 1 FROM platform_refusals WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: platform_refusals has this row'); END",
        "CREATE TRIGGER profiles_no_delete BEFORE DELETE ON profiles BEGIN SELECT RAISE(ABORT, 'evidence: profiles rows stay'); END",
        "CREATE TRIGGER profiles_no_update BEFORE UPDATE ON profiles BEGIN SELECT RAISE(ABORT, 'evidence: profiles rows never change'); END",
        "CREATE TRIGGER profiles_no_replace_0 BEFORE INSERT ON profiles WHEN EXISTS (SELECT 1 FROM profiles WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: profiles has this row'); END",
        "CREATE TRIGGER projects_no_delete BEFORE DELETE ON projects BEGIN SELECT RAISE(ABORT, 'evidence: projects rows stay'); END",
        "CREATE TRIGGER projects_no_replace_0 BEFORE INSERT ON projects WHEN EXISTS (SELECT 1 FROM projects WHERE code = NEW.code) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: projects has this row'); END",
        "CREATE TRIGGER raw_records_no_delete BEFORE DELETE ON raw_records BEGIN SELECT RAISE(ABORT, 'evidence: raw_records rows stay'); END",
        "CREATE TRIGGER raw_records_no_update BEFORE UPDATE ON raw_records BEGIN SELECT RAISE(ABORT, 'evidence: raw_records rows never change'); END",
        "CREATE TRIGGER raw_records_no_replace_0 BEFORE INSERT ON raw_records WHEN EXISTS (SELECT 1 FROM raw_records WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: raw_records has this row'); END",
        "CREATE TRIGGER raw_records_no_replace_1 BEFORE INSERT ON raw_records WHEN EXISTS (SELECT 1 FROM raw_records WHERE number = NEW.number) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: raw_records has this row'); END",
        "CREATE TRIGGER report_codes_no_delete BEFORE DELETE ON report_codes BEGIN SELECT RAISE(ABORT, 'evidence: report_codes rows stay'); END",
        "CREATE TRIGGER report_codes_no_update BEFORE UPDATE ON report_codes BEGIN SELECT RAISE(ABORT, 'evidence: report_codes rows never change'); END",
        "CREATE TRIGGER report_codes_no_replace_0 BEFORE INSERT ON report_codes WHEN EXISTS (SELECT 1 FROM report_codes WHERE draft_id = NEW.draft_id) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: report_codes has this row'); END",
        "CREATE TRIGGER report_codes_no_replace_1 BEFORE INSERT ON report_codes WHEN EXISTS (SELECT 1 FROM report_codes WHERE code = NEW.code) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: report_codes has this row'); END",
        "CREATE TRIGGER report_copies_no_delete BEFORE DELETE ON report_copies BEGIN SELECT RAISE(ABORT, 'evidence: report_copies rows stay'); END",
        "CREATE TRIGGER report_copies_no_update BEFORE UPDATE ON report_copies BEGIN SELECT RAISE(ABORT, 'evidence: report_copies rows never change'); END",
        "CREATE TRIGGER report_copies_no_replace_0 BEFORE INSERT ON report_copies WHEN EXISTS (SELECT 1 FROM report_copies WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: report_copies has this row'); END",
        "CREATE TRIGGER report_drafts_no_delete BEFORE DELETE ON report_drafts BEGIN SELECT RAISE(ABORT, 'evidence: report_drafts rows stay'); END",
        "CREATE TRIGGER report_drafts_no_update BEFORE UPDATE ON report_drafts BEGIN SELECT RAISE(ABORT, 'evidence: report_drafts rows never change'); END",
        "CREATE TRIGGER report_drafts_no_replace_0 BEFORE INSERT ON report_drafts WHEN EXISTS (SELECT 1 FROM report_drafts WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: report_drafts has this row'); END",
        "CREATE TRIGGER report_drafts_no_replace_1 BEFORE INSERT ON report_drafts WHEN EXISTS (SELECT 1 FROM report_drafts WHERE report_no = NEW.report_no AND issue_no = NEW.issue_no AND round = NEW.round) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: report_drafts has this row'); END",
        "CREATE TRIGGER report_requests_no_delete BEFORE DELETE ON report_requests BEGIN SELECT RAISE(ABORT, 'evidence: report_requests rows stay'); END",
        "CREATE TRIGGER report_requests_no_update BEFORE UPDATE ON report_requests BEGIN SELECT RAISE(ABORT, 'evidence: report_requests rows never change'); END",
        "CREATE TRIGGER report_requests_no_replace_0 BEFORE INSERT ON report_requests WHEN EXISTS (SELECT 1 FROM report_requests WHERE draft_id = NEW.draft_id) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: report_requests has this row'); END",
        "CREATE TRIGGER returns_no_delete BEFORE DELETE ON returns BEGIN SELECT RAISE(ABORT, 'evidence: returns rows stay'); END",
        "CREATE TRIGGER returns_no_update BEFORE UPDATE ON returns BEGIN SELECT RAISE(ABORT, 'evidence: returns rows never change'); END",
        "CREATE TRIGGER returns_no_replace_0 BEFORE INSERT ON returns WHEN EXISTS (SELECT 1 FROM returns WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: returns has this row'); END",
        "CREATE TRIGGER returns_no_replace_1 BEFORE INSERT ON returns WHEN EXISTS (SELECT 1 FROM returns WHERE subject_id = NEW.subject_id) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: returns has this row'); END",
        "CREATE TRIGGER sign_ins_no_delete BEFORE DELETE ON sign_ins BEGIN SELECT RAISE(ABORT, 'evidence: sign_ins rows stay'); END",
        "CREATE TRIGGER sign_ins_no_update BEFORE UPDATE ON sign_ins BEGIN SELECT RAISE(ABORT, 'evidence: sign_ins rows never change'); END",
        "CREATE TRIGGER sign_ins_no_replace_0 BEFORE INSERT ON sign_ins WHEN EXISTS (SELECT 1 FROM sign_ins WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: sign_ins has this row'); END",
        "CREATE TRIGGER signatory_scopes_no_delete BEFORE DELETE ON signatory_scopes BEGIN SELECT RAISE(ABORT, 'evidence: signatory_scopes rows stay'); END",
        "CREATE TRIGGER signatory_scopes_no_update BEFORE UPDATE ON signatory_scopes BEGIN SELECT RAISE(ABORT, 'evidence: signatory_scopes rows never change'); END",
        "CREATE TRIGGER signatory_scopes_no_replace_0 BEFORE INSERT ON signatory_scopes WHEN EXISTS (SELECT 1 FROM signatory_scopes WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: signatory_scopes has this row'); END",
        "CREATE TRIGGER signatures_no_delete BEFORE DELETE ON signatures BEGIN SELECT RAISE(ABORT, 'evidence: signatures rows stay'); END",
        "CREATE TRIGGER signatures_no_update BEFORE UPDATE ON signatures BEGIN SELECT RAISE(ABORT, 'evidence: signatures rows never change'); END",
        "CREATE TRIGGER signatures_no_replace_0 BEFORE INSERT ON signatures WHEN EXISTS (SELECT 1 FROM signatures WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: signatures has this row'); END",
        "CREATE TRIGGER signatures_no_replace_1 BEFORE INSERT ON signatures WHEN EXISTS (SELECT 1 FROM signatures WHERE subject_id = NEW.subject_id AND role = NEW.role) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: signatures has this row'); END",
        "CREATE TRIGGER tightenings_no_delete BEFORE DELETE ON tightenings BEGIN SELECT RAISE(ABORT, 'evidence: tightenings rows stay'); END",
        "CREATE TRIGGER tightenings_no_update BEFORE UPDATE ON tightenings BEGIN SELECT RAISE(ABORT, 'evidence: tightenings rows never change'); END",
        "CREATE TRIGGER tightenings_no_replace_0 BEFORE INSERT ON tightenings WHEN EXISTS (SELECT 1 FROM tightenings WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: tightenings has this row'); END",
        "CREATE TRIGGER viewings_no_delete BEFORE DELETE ON viewings BEGIN SELECT RAISE(ABORT, 'evidence: viewings rows stay'); END",
        "CREATE TRIGGER viewings_no_update BEFORE UPDATE ON viewings BEGIN SELECT RAISE(ABORT, 'evidence: viewings rows never change'); END",
        "CREATE TRIGGER viewings_no_replace_0 BEFORE INSERT ON viewings WHEN EXISTS (SELECT 1 FROM viewings WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: viewings has this row'); END",
        "CREATE TRIGGER viewings_no_replace_1 BEFORE INSERT ON viewings WHEN EXISTS (SELECT 1 FROM viewings WHERE subject_id = NEW.subject_id AND person_id = NEW.person_id AND item = NEW.item) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: viewings has this row'); END",
        "CREATE TRIGGER void_numbers_no_delete BEFORE DELETE ON void_numbers BEGIN SELECT RAISE(ABORT, 'evidence: void_numbers rows stay'); END",
        "CREATE TRIGGER void_numbers_no_update BEFORE UPDATE ON void_numbers BEGIN SELECT RAISE(ABORT, 'evidence: void_numbers rows never change'); END",
        "CREATE TRIGGER void_numbers_no_replace_0 BEFORE INSERT ON void_numbers WHEN EXISTS (SELECT 1 FROM void_numbers WHERE text = NEW.text) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: void_numbers has this row'); END",
        "CREATE TRIGGER outbox_frozen BEFORE UPDATE ON outbox WHEN NEW.body <> OLD.body OR NEW.sha256 <> OLD.sha256 OR NEW.id <> OLD.id OR NEW.kind <> OLD.kind OR NEW.natural_key <> OLD.natural_key OR NEW.stream <> OLD.stream OR NEW.attachments <> OLD.attachments OR (OLD.receipt IS NOT NULL AND NEW.receipt <> OLD.receipt) BEGIN SELECT RAISE(ABORT, 'refused(storage.outbox_frozen)'); END",
        "CREATE TRIGGER report_requests_approved BEFORE INSERT ON report_requests WHEN NOT EXISTS (SELECT 1 FROM signatures s WHERE s.subject_id = NEW.draft_id AND s.role = 'approved') BEGIN SELECT RAISE(ABORT, 'refused(reporting.not_approved)'); END",
        "CREATE TRIGGER report_codes_requested BEFORE INSERT ON report_codes WHEN NOT EXISTS (SELECT 1 FROM report_requests q WHERE q.draft_id = NEW.draft_id) BEGIN SELECT RAISE(ABORT, 'refused(reporting.not_requested)'); END",
        "CREATE TRIGGER issued_reports_coded BEFORE INSERT ON issued_reports WHEN NOT EXISTS (SELECT 1 FROM report_codes c WHERE c.draft_id = NEW.draft_id AND c.code = NEW.code) BEGIN SELECT RAISE(ABORT, 'refused(reporting.no_code)'); END",
        "CREATE TRIGGER report_copies_issued BEFORE INSERT ON report_copies WHEN NEW.copies < 1 OR (NEW.coded = 1 AND NOT EXISTS (SELECT 1 FROM issued_reports i WHERE i.draft_id = NEW.draft_id)) BEGIN SELECT RAISE(ABORT, 'refused(reporting.copies_without_issue)'); END",
        "CREATE TRIGGER signatures_same_person BEFORE INSERT ON signatures WHEN EXISTS (SELECT 1 FROM signatures s WHERE s.subject_id = NEW.subject_id AND s.person_id = NEW.person_id) BEGIN SELECT RAISE(ABORT, 'refused(review.same_person_db)'); END",
        "CREATE TRIGGER signatures_own_test BEFORE INSERT ON signatures WHEN NEW.role IN ('checked', 'reviewed', 'approved') AND EXISTS (SELECT 1 FROM runs r WHERE r.lot_no = NEW.lot_no AND r.operator_id = NEW.person_id) BEGIN SELECT RAISE(ABORT, 'refused(review.own_test_db)'); END",
        "CREATE TRIGGER signatures_order BEFORE INSERT ON signatures WHEN (NEW.role IN ('checked', 'reviewed') AND NOT EXISTS (SELECT 1 FROM signatures s WHERE s.subject_id = NEW.subject_id AND s.role = 'tested')) OR (NEW.role = 'approved' AND NOT EXISTS (SELECT 1 FROM signatures s WHERE s.subject_id = NEW.subject_id AND s.role = 'reviewed')) BEGIN SELECT RAISE(ABORT, 'refused(review.order_db)'); END",
        "CREATE TRIGGER signatures_subject BEFORE INSERT ON signatures WHEN (NEW.subject = 'record' AND NOT EXISTS (SELECT 1 FROM raw_records k WHERE k.id = NEW.subject_id AND k.lot_no = NEW.lot_no AND k.content_sha256 = NEW.content_sha256 AND NEW.role IN ('tested', 'checked'))) OR (NEW.subject = 'report' AND NOT EXISTS (SELECT 1 FROM report_drafts d WHERE d.id = NEW.subject_id AND d.lot_no = NEW.lot_no AND d.content_sha256 = NEW.content_sha256 AND NEW.role IN ('tested', 'reviewed', 'approved'))) OR NEW.subject NOT IN ('record', 'report') BEGIN SELECT RAISE(ABORT, 'refused(review.subject_db)'); END",
        "CREATE TRIGGER signatures_signatory BEFORE INSERT ON signatures WHEN NEW.role = 'approved' AND NOT EXISTS (SELECT 1 FROM signatory_scopes c WHERE c.person_id = NEW.person_id AND c.field = NEW.field AND c.valid_from <= substr(NEW.at, 1, 10) AND c.valid_to >= substr(NEW.at, 1, 10)) BEGIN SELECT RAISE(ABORT, 'refused(review.not_signatory_db)'); END",
        "CREATE TRIGGER signatures_returned BEFORE INSERT ON signatures WHEN EXISTS (SELECT 1 FROM returns t WHERE t.subject_id = NEW.subject_id) BEGIN SELECT RAISE(ABORT, 'refused(review.returned)'); END",
        "CREATE TRIGGER report_drafts_record BEFORE INSERT ON report_drafts WHEN NOT EXISTS (SELECT 1 FROM signatures s WHERE s.subject_id = NEW.record_id AND s.role = 'tested') OR NOT EXISTS (SELECT 1 FROM signatures s WHERE s.subject_id = NEW.record_id AND s.role = 'checked') OR EXISTS (SELECT 1 FROM returns t WHERE t.subject_id = NEW.record_id) BEGIN SELECT RAISE(ABORT, 'refused(review.record_unsigned)'); END",
        "CREATE TRIGGER report_drafts_content BEFORE INSERT ON report_drafts WHEN NOT EXISTS (SELECT 1 FROM raw_records k WHERE k.id = NEW.record_id AND k.lot_no = NEW.lot_no AND k.evaluation_id = NEW.evaluation_id AND k.content_sha256 = NEW.content_sha256) BEGIN SELECT RAISE(ABORT, 'refused(review.subject_db)'); END",
        "CREATE TRIGGER returns_approved BEFORE INSERT ON returns WHEN EXISTS (SELECT 1 FROM signatures s WHERE s.subject_id = NEW.subject_id AND s.role = 'approved') BEGIN SELECT RAISE(ABORT, 'refused(review.approved_already)'); END",
        "CREATE TRIGGER message_closures_stuck BEFORE INSERT ON message_closures WHEN NEW.reason = '' OR NOT EXISTS (SELECT 1 FROM outbox o WHERE o.id = NEW.message_id AND o.state IN ('refused', 'needs-person')) BEGIN SELECT RAISE(ABORT, 'refused(sync_desk.not_stuck)'); END",
        "CREATE TRIGGER outbox_closed_with_reason BEFORE UPDATE ON outbox WHEN NEW.state = 'closed' AND OLD.state <> 'closed' AND NOT EXISTS (SELECT 1 FROM message_closures c WHERE c.message_id = NEW.id) BEGIN SELECT RAISE(ABORT, 'refused(sync_desk.no_reason)'); END",
        "CREATE TRIGGER outbox_closed_stays BEFORE UPDATE ON outbox WHEN OLD.state = 'closed' AND NEW.state <> 'closed' BEGIN SELECT RAISE(ABORT, 'refused(sync_desk.closed_already)'); END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION labdesk_refuse() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'restrict_violation'; END $$",
        "CREATE TRIGGER blobs_stays BEFORE UPDATE OR DELETE ON blobs FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: blobs rows never change')",
        "CREATE TRIGGER blobs_no_truncate BEFORE TRUNCATE ON blobs FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: blobs rows stay')",
        "CREATE TRIGGER checkpoints_stays BEFORE UPDATE OR DELETE ON checkpoints FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: checkpoints rows never change')",
        "CREATE TRIGGER checkpoints_no_truncate BEFORE TRUNCATE ON checkpoints FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: checkpoints rows stay')",
        "CREATE TRIGGER custody_events_stays BEFORE UPDATE OR DELETE ON custody_events FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: custody_events rows never change')",
        "CREATE TRIGGER custody_events_no_truncate BEFORE TRUNCATE ON custody_events FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: custody_events rows stay')",
        "CREATE TRIGGER facts_stays BEFORE DELETE ON facts FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: facts rows never change')",
        "CREATE TRIGGER facts_no_truncate BEFORE TRUNCATE ON facts FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: facts rows stay')",
        "CREATE TRIGGER issued_reports_stays BEFORE UPDATE OR DELETE ON issued_reports FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: issued_reports rows never change')",
        "CREATE TRIGGER issued_reports_no_truncate BEFORE TRUNCATE ON issued_reports FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: issued_reports rows stay')",
        "CREATE TRIGGER log_entries_stays BEFORE UPDATE OR DELETE ON log_entries FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: log_entries rows never change')",
        "CREATE TRIGGER log_entries_no_truncate BEFORE TRUNCATE ON log_entries FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: log_entries rows stay')",
        "CREATE TRIGGER log_nodes_stays BEFORE UPDATE OR DELETE ON log_nodes FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: log_nodes rows never change')",
        "CREATE TRIGGER log_nodes_no_truncate BEFORE TRUNCATE ON log_nodes FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: log_nodes rows stay')",
        "CREATE TRIGGER machines_stays BEFORE DELETE ON machines FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: machines rows never change')",
        "CREATE TRIGGER machines_no_truncate BEFORE TRUNCATE ON machines FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: machines rows stay')",
        "CREATE TRIGGER message_closures_stays BEFORE UPDATE OR DELETE ON message_closures FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: message_closures rows never change')",
        "CREATE TRIGGER message_closures_no_truncate BEFORE TRUNCATE ON message_closures FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: message_closures rows stay')",
        "CREATE TRIGGER numbers_stays BEFORE UPDATE OR DELETE ON numbers FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: numbers rows never change')",
        "CREATE TRIGGER numbers_no_truncate BEFORE TRUNCATE ON numbers FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: numbers rows stay')",
        "CREATE TRIGGER outbox_stays BEFORE DELETE ON outbox FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: outbox rows never change')",
        "CREATE TRIGGER outbox_no_truncate BEFORE TRUNCATE ON outbox FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: outbox rows stay')",
        "CREATE TRIGGER people_stays BEFORE DELETE ON people FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: people rows never change')",
        "CREATE TRIGGER people_no_truncate BEFORE TRUNCATE ON people FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: people rows stay')",
        "CREATE TRIGGER platform_refusals_stays BEFORE UPDATE OR DELETE ON platform_refusals FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: platform_refusals rows never change')",
        "CREATE TRIGGER platform_refusals_no_truncate BEFORE TRUNCATE ON platform_refusals FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: platform_refusals rows stay')",
        "CREATE TRIGGER profiles_stays BEFORE UPDATE OR DELETE ON profiles FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: profiles rows never change')",
        "CREATE TRIGGER profiles_no_truncate BEFORE TRUNCATE ON profiles FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: profiles rows stay')",
        "CREATE TRIGGER projects_stays BEFORE DELETE ON projects FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: projects rows never change')",
        "CREATE TRIGGER projects_no_truncate BEFORE TRUNCATE ON projects FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: projects rows stay')",
        "CREATE TRIGGER raw_records_stays BEFORE UPDATE OR DELETE ON raw_records FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: raw_records rows never change')",
        "CREATE TRIGGER raw_records_no_truncate BEFORE TRUNCATE ON raw_records FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: raw_records rows stay')",
        "CREATE TRIGGER report_codes_stays BEFORE UPDATE OR DELETE ON report_codes FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: report_codes rows never change')",
        "CREATE TRIGGER report_codes_no_truncate BEFORE TRUNCATE ON report_codes FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: report_codes rows stay')",
        "CREATE TRIGGER report_copies_stays BEFORE UPDATE OR DELETE ON report_copies FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: report_copies rows never change')",
        "CREATE TRIGGER report_copies_no_truncate BEFORE TRUNCATE ON report_copies FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: report_copies rows stay')",
        "CREATE TRIGGER report_drafts_stays BEFORE UPDATE OR DELETE ON report_drafts FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: report_drafts rows never change')",
        "CREATE TRIGGER report_drafts_no_truncate BEFORE TRUNCATE ON report_drafts FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: report_drafts rows stay')",
        "CREATE TRIGGER report_requests_stays BEFORE UPDATE OR DELETE ON report_requests FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: report_requests rows never change')",
        "CREATE TRIGGER report_requests_no_truncate BEFORE TRUNCATE ON report_requests FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: report_requests rows stay')",
        "CREATE TRIGGER returns_stays BEFORE UPDATE OR DELETE ON returns FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: returns rows never change')",
        "CREATE TRIGGER returns_no_truncate BEFORE TRUNCATE ON returns FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: returns rows stay')",
        "CREATE TRIGGER sign_ins_stays BEFORE UPDATE OR DELETE ON sign_ins FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: sign_ins rows never change')",
        "CREATE TRIGGER sign_ins_no_truncate BEFORE TRUNCATE ON sign_ins FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: sign_ins rows stay')",
        "CREATE TRIGGER signatory_scopes_stays BEFORE UPDATE OR DELETE ON signatory_scopes FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: signatory_scopes rows never change')",
        "CREATE TRIGGER signatory_scopes_no_truncate BEFORE TRUNCATE ON signatory_scopes FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: signatory_scopes rows stay')",
        "CREATE TRIGGER signatures_stays BEFORE UPDATE OR DELETE ON signatures FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: signatures rows never change')",
        "CREATE TRIGGER signatures_no_truncate BEFORE TRUNCATE ON signatures FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: signatures rows stay')",
        "CREATE TRIGGER tightenings_stays BEFORE UPDATE OR DELETE ON tightenings FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: tightenings rows never change')",
        "CREATE TRIGGER tightenings_no_truncate BEFORE TRUNCATE ON tightenings FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: tightenings rows stay')",
        "CREATE TRIGGER viewings_stays BEFORE UPDATE OR DELETE ON viewings FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: viewings rows never change')",
        "CREATE TRIGGER viewings_no_truncate BEFORE TRUNCATE ON viewings FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: viewings rows stay')",
        "CREATE TRIGGER void_numbers_stays BEFORE UPDATE OR DELETE ON void_numbers FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: void_numbers rows never change')",
        "CREATE TRIGGER void_numbers_no_truncate BEFORE TRUNCATE ON void_numbers FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: void_numbers rows stay')",
        "CREATE OR REPLACE FUNCTION outbox_frozen() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN IF NEW.body <> OLD.body OR NEW.sha256 <> OLD.sha256 OR NEW.id <> OLD.id OR NEW.kind <> OLD.kind OR NEW.natural_key <> OLD.natural_key OR NEW.stream <> OLD.stream OR NEW.attachments <> OLD.attachments OR (OLD.receipt IS NOT NULL AND NEW.receipt <> OLD.receipt) THEN RAISE EXCEPTION 'refused(storage.outbox_frozen)' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        'CREATE TRIGGER outbox_frozen BEFORE UPDATE ON outbox FOR EACH ROW EXECUTE FUNCTION outbox_frozen()',
        "CREATE OR REPLACE FUNCTION report_requests_approved() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN IF NOT EXISTS (SELECT 1 FROM signatures s WHERE s.subject_id = NEW.draft_id AND s.role = 'approved') THEN RAISE EXCEPTION 'refused(reporting.not_approved)' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        'CREATE TRIGGER report_requests_approved BEFORE INSERT ON report_requests FOR EACH ROW EXECUTE FUNCTION report_requests_approved()',
        "CREATE OR REPLACE FUNCTION report_codes_requested() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN IF NOT EXISTS (SELECT 1 FROM report_requests q WHERE q.draft_id = NEW.draft_id) THEN RAISE EXCEPTION 'refused(reporting.not_requested)' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        'CREATE TRIGGER report_codes_requested BEFORE INSERT ON report_codes FOR EACH ROW EXECUTE FUNCTION report_codes_requested()',
        "CREATE OR REPLACE FUNCTION issued_reports_coded() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN IF NOT EXISTS (SELECT 1 FROM report_codes c WHERE c.draft_id = NEW.draft_id AND c.code = NEW.code) THEN RAISE EXCEPTION 'refused(reporting.no_code)' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        'CREATE TRIGGER issued_reports_coded BEFORE INSERT ON issued_reports FOR EACH ROW EXECUTE FUNCTION issued_reports_coded()',
        "CREATE OR REPLACE FUNCTION report_copies_issued() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN IF NEW.copies < 1 OR (NEW.coded = 1 AND NOT EXISTS (SELECT 1 FROM issued_reports i WHERE i.draft_id = NEW.draft_id)) THEN RAISE EXCEPTION 'refused(reporting.copies_without_issue)' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        'CREATE TRIGGER report_copies_issued BEFORE INSERT ON report_copies FOR EACH ROW EXECUTE FUNCTION report_copies_issued()',
        "CREATE OR REPLACE FUNCTION signatures_same_person() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN IF EXISTS (SELECT 1 FROM signatures s WHERE s.subject_id = NEW.subject_id AND s.person_id = NEW.person_id) THEN RAISE EXCEPTION 'refused(review.same_person_db)' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        'CREATE TRIGGER signatures_same_person BEFORE INSERT ON signatures FOR EACH ROW EXECUTE FUNCTION signatures_same_person()',
        "CREATE OR REPLACE FUNCTION signatures_own_test() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN IF NEW.role IN ('checked', 'reviewed', 'approved') AND EXISTS (SELECT 1 FROM runs r WHERE r.lot_no = NEW.lot_no AND r.operator_id = NEW.person_id) THEN RAISE EXCEPTION 'refused(review.own_test_db)' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        'CREATE TRIGGER signatures_own_test BEFORE INSERT ON signatures FOR EACH ROW EXECUTE FUNCTION signatures_own_test()',
        "CREATE OR REPLACE FUNCTION signatures_order() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN IF (NEW.role IN ('checked', 'reviewed') AND NOT EXISTS (SELECT 1 FROM signatures s WHERE s.subject_id = NEW.subject_id AND s.role = 'tested')) OR (NEW.role = 'approved' AND NOT EXISTS (SELECT 1 FROM signatures s WHERE s.subject_id = NEW.subject_id AND s.role = 'reviewed')) THEN RAISE EXCEPTION 'refused(review.order_db)' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        'CREATE TRIGGER signatures_order BEFORE INSERT ON signatures FOR EACH ROW EXECUTE FUNCTION signatures_order()',
        "CREATE OR REPLACE FUNCTION signatures_subject() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN IF (NEW.subject = 'record' AND NOT EXISTS (SELECT 1 FROM raw_records k WHERE k.id = NEW.subject_id AND k.lot_no = NEW.lot_no AND k.content_sha256 = NEW.content_sha256 AND NEW.role IN ('tested', 'checked'))) OR (NEW.subject = 'report' AND NOT EXISTS (SELECT 1 FROM report_drafts d WHERE d.id = NEW.subject_id AND d.lot_no = NEW.lot_no AND d.content_sha256 = NEW.content_sha256 AND NEW.role IN ('tested', 'reviewed', 'approved'))) OR NEW.subject NOT IN ('record', 'report') THEN RAISE EXCEPTION 'refused(review.subject_db)' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        'CREATE TRIGGER signatures_subject BEFORE INSERT ON signatures FOR EACH ROW EXECUTE FUNCTION signatures_subject()',
        "CREATE OR REPLACE FUNCTION signatures_signatory() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN IF NEW.role = 'approved' AND NOT EXISTS (SELECT 1 FROM signatory_scopes c WHERE c.person_id = NEW.person_id AND c.field = NEW.field AND c.valid_from <= substr(NEW.at, 1, 10) AND c.valid_to >= substr(NEW.at, 1, 10)) THEN RAISE EXCEPTION 'refused(review.not_signatory_db)' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        'CREATE TRIGGER signatures_signatory BEFORE INSERT ON signatures FOR EACH ROW EXECUTE FUNCTION signatures_signatory()',
        "CREATE OR REPLACE FUNCTION signatures_returned() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN IF EXISTS (SELECT 1 FROM returns t WHERE t.subject_id = NEW.subject_id) THEN RAISE EXCEPTION 'refused(review.returned)' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        'CREATE TRIGGER signatures_returned BEFORE INSERT ON signatures FOR EACH ROW EXECUTE FUNCTION signatures_returned()',
        "CREATE OR REPLACE FUNCTION report_drafts_record() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN IF NOT EXISTS (SELECT 1 FROM signatures s WHERE s.subject_id = NEW.record_id AND s.role = 'tested') OR NOT EXISTS (SELECT 1 FROM signatures s WHERE s.subject_id = NEW.record_id AND s.role = 'checked') OR EXISTS (SELECT 1 FROM returns t WHERE t.subject_id = NEW.record_id) THEN RAISE EXCEPTION 'refused(review.record_unsigned)' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        'CREATE TRIGGER report_drafts_record BEFORE INSERT ON report_drafts FOR EACH ROW EXECUTE FUNCTION report_drafts_record()',
        "CREATE OR REPLACE FUNCTION report_drafts_content() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN IF NOT EXISTS (SELECT 1 FROM raw_records k WHERE k.id = NEW.record_id AND k.lot_no = NEW.lot_no AND k.evaluation_id = NEW.evaluation_id AND k.content_sha256 = NEW.content_sha256) THEN RAISE EXCEPTION 'refused(review.subject_db)' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        'CREATE TRIGGER report_drafts_content BEFORE INSERT ON report_drafts FOR EACH ROW EXECUTE FUNCTION report_drafts_content()',
        "CREATE OR REPLACE FUNCTION returns_approved() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN IF EXISTS (SELECT 1 FROM signatures s WHERE s.subject_id = NEW.subject_id AND s.role = 'approved') THEN RAISE EXCEPTION 'refused(review.approved_already)' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        'CREATE TRIGGER returns_approved BEFORE INSERT ON returns FOR EACH ROW EXECUTE FUNCTION returns_approved()',
        "CREATE OR REPLACE FUNCTION message_closures_stuck() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN IF NEW.reason = '' OR NOT EXISTS (SELECT 1 FROM outbox o WHERE o.id = NEW.message_id AND o.state IN ('refused', 'needs-person')) THEN RAISE EXCEPTION 'refused(sync_desk.not_stuck)' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        'CREATE TRIGGER message_closures_stuck BEFORE INSERT ON message_closures FOR EACH ROW EXECUTE FUNCTION message_closures_stuck()',
        "CREATE OR REPLACE FUNCTION outbox_closed_with_reason() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN IF NEW.state = 'closed' AND OLD.state <> 'closed' AND NOT EXISTS (SELECT 1 FROM message_closures c WHERE c.message_id = NEW.id) THEN RAISE EXCEPTION 'refused(sync_desk.no_reason)' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        'CREATE TRIGGER outbox_closed_with_reason BEFORE UPDATE ON outbox FOR EACH ROW EXECUTE FUNCTION outbox_closed_with_reason()',
        "CREATE OR REPLACE FUNCTION outbox_closed_stays() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN IF OLD.state = 'closed' AND NEW.state <> 'closed' THEN RAISE EXCEPTION 'refused(sync_desk.closed_already)' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        'CREATE TRIGGER outbox_closed_stays BEFORE UPDATE ON outbox FOR EACH ROW EXECUTE FUNCTION outbox_closed_stays()',
    ],
}


def upgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table('blobs',
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('media_type', sa.String(length=64), nullable=False),
    sa.Column('at', sa.String(length=27), nullable=False),
    sa.PrimaryKeyConstraint('sha256', name=op.f('pk_blobs'))
    )
    op.create_table('checkpoints',
    sa.Column('size', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('at', sa.String(length=27), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('size', name=op.f('pk_checkpoints'))
    )
    op.create_table('counters',
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_counters'))
    )
    op.create_table('custody_events',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('commission_no', sa.String(length=64), nullable=False),
    sa.Column('subject', sa.String(length=64), nullable=False),
    sa.Column('person', sa.String(length=80), nullable=False),
    sa.Column('station', sa.String(length=64), nullable=False),
    sa.Column('at', sa.String(length=27), nullable=False),
    sa.Column('detail', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_custody_events'))
    )
    op.create_index(op.f('ix_custody_events_commission_no'), 'custody_events', ['commission_no'], unique=False)
    op.create_index(op.f('ix_custody_events_subject'), 'custody_events', ['subject'], unique=False)
    op.create_table('facts',
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('value', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_facts'))
    )
    op.create_table('issued_reports',
    sa.Column('draft_id', sa.String(length=36), nullable=False),
    sa.Column('report_no', sa.String(length=32), nullable=False),
    sa.Column('issue_no', sa.Integer(), nullable=False),
    sa.Column('lot_no', sa.String(length=32), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('pdf_sha256', sa.String(length=64), nullable=False),
    sa.Column('issued_at', sa.String(length=27), nullable=False),
    sa.PrimaryKeyConstraint('draft_id', name=op.f('pk_issued_reports'))
    )
    op.create_index(op.f('ix_issued_reports_lot_no'), 'issued_reports', ['lot_no'], unique=False)
    op.create_index(op.f('ix_issued_reports_report_no'), 'issued_reports', ['report_no'], unique=False)
    op.create_table('log_entries',
    sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('at', sa.String(length=27), nullable=False),
    sa.Column('operation', sa.String(length=8), nullable=False),
    sa.Column('table_name', sa.String(length=64), nullable=False),
    sa.Column('row_key', sa.String(length=200), nullable=False),
    sa.Column('row_sha256', sa.String(length=64), nullable=False),
    sa.Column('actor', sa.String(length=64), nullable=False),
    sa.Column('station', sa.String(length=64), nullable=False),
    sa.Column('leaf', sa.LargeBinary(length=32), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_log_entries'))
    )
    op.create_index(op.f('ix_log_entries_row_key'), 'log_entries', ['row_key'], unique=False)
    op.create_index(op.f('ix_log_entries_table_name'), 'log_entries', ['table_name'], unique=False)
    op.create_table('log_nodes',
    sa.Column('level', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('hash', sa.LargeBinary(length=32), nullable=False),
    sa.PrimaryKeyConstraint('level', 'position', name=op.f('pk_log_nodes'))
    )
    op.create_table('machines',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('body', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_machines')),
    sa.UniqueConstraint('number', name=op.f('uq_machines_number'))
    )
    op.create_table('message_closures',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('message_id', sa.String(length=36), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('person_id', sa.String(length=36), nullable=False),
    sa.Column('person_name', sa.String(length=80), nullable=False),
    sa.Column('at', sa.String(length=27), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message_closures')),
    sa.UniqueConstraint('message_id', name=op.f('uq_message_closures_message_id'))
    )
    op.create_table('numbers',
    sa.Column('text', sa.String(length=64), nullable=False),
    sa.Column('prefix', sa.String(length=8), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('value', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=64), nullable=False),
    sa.Column('at', sa.String(length=27), nullable=False),
    sa.PrimaryKeyConstraint('text', name=op.f('pk_numbers'))
    )
    op.create_index(op.f('ix_numbers_prefix'), 'numbers', ['prefix'], unique=False)
    op.create_table('outbox',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('natural_key', sa.String(length=120), nullable=False),
    sa.Column('stream', sa.String(length=64), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('attachments', sa.String(), nullable=False),
    sa.Column('created_at', sa.String(length=27), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('last_error', sa.String(), nullable=False),
    sa.Column('next_try_at', sa.String(length=27), nullable=True),
    sa.Column('receipt', sa.LargeBinary(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('kind', 'natural_key', name=op.f('uq_outbox_kind_natural_key'))
    )
    op.create_index(op.f('ix_outbox_state'), 'outbox', ['state'], unique=False)
    op.create_index(op.f('ix_outbox_stream'), 'outbox', ['stream'], unique=False)
    op.create_table('people',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('badge', sa.String(length=64), nullable=False),
    sa.Column('body', sa.String(), nullable=False),
    sa.Column('pin_hash', sa.String(length=200), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_people')),
    sa.UniqueConstraint('badge', name=op.f('uq_people_badge')),
    sa.UniqueConstraint('name', name=op.f('uq_people_name'))
    )
    op.create_table('platform_refusals',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('message_id', sa.String(length=36), nullable=False),
    sa.Column('receipt', sa.LargeBinary(), nullable=False),
    sa.Column('at', sa.String(length=27), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_platform_refusals'))
    )
    op.create_index(op.f('ix_platform_refusals_message_id'), 'platform_refusals', ['message_id'], unique=False)
    op.create_table('profiles',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('edition', sa.String(length=32), nullable=False),
    sa.Column('valid_from', sa.String(length=10), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('signature', sa.LargeBinary(), nullable=False),
    sa.Column('received_at', sa.String(length=27), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_profiles'))
    )
    op.create_index(op.f('ix_profiles_edition'), 'profiles', ['edition'], unique=False)
    op.create_table('projects',
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('body', sa.String(), nullable=False),
    sa.Column('received_at', sa.String(length=27), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_projects'))
    )
    op.create_index(op.f('ix_projects_name'), 'projects', ['name'], unique=False)
    op.create_table('raw_records',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('number', sa.String(length=32), nullable=False),
    sa.Column('lot_no', sa.String(length=32), nullable=False),
    sa.Column('evaluation_id', sa.String(length=36), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.String(length=27), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_raw_records')),
    sa.UniqueConstraint('number', name=op.f('uq_raw_records_number'))
    )
    op.create_index(op.f('ix_raw_records_lot_no'), 'raw_records', ['lot_no'], unique=False)
    op.create_table('report_codes',
    sa.Column('draft_id', sa.String(length=36), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('qr_text', sa.String(), nullable=False),
    sa.Column('grant_bytes', sa.LargeBinary(), nullable=False),
    sa.Column('key_certificate', sa.LargeBinary(), nullable=False),
    sa.Column('at', sa.String(length=27), nullable=False),
    sa.PrimaryKeyConstraint('draft_id', name=op.f('pk_report_codes')),
    sa.UniqueConstraint('code', name=op.f('uq_report_codes_code'))
    )
    op.create_table('report_copies',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('draft_id', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('copies', sa.Integer(), nullable=False),
    sa.Column('coded', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.String(length=36), nullable=False),
    sa.Column('person_name', sa.String(length=80), nullable=False),
    sa.Column('at', sa.String(length=27), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_copies'))
    )
    op.create_index(op.f('ix_report_copies_draft_id'), 'report_copies', ['draft_id'], unique=False)
    op.create_table('report_drafts',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('report_no', sa.String(length=32), nullable=False),
    sa.Column('issue_no', sa.Integer(), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('lot_no', sa.String(length=32), nullable=False),
    sa.Column('record_id', sa.String(length=36), nullable=False),
    sa.Column('evaluation_id', sa.String(length=36), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.String(length=27), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_drafts')),
    sa.UniqueConstraint('report_no', 'issue_no', 'round', name=op.f('uq_report_drafts_report_no_issue_no_round'))
    )
    op.create_index(op.f('ix_report_drafts_lot_no'), 'report_drafts', ['lot_no'], unique=False)
    op.create_index(op.f('ix_report_drafts_report_no'), 'report_drafts', ['report_no'], unique=False)
    op.create_table('report_requests',
    sa.Column('draft_id', sa.String(length=36), nullable=False),
    sa.Column('report_no', sa.String(length=32), nullable=False),
    sa.Column('issue_no', sa.Integer(), nullable=False),
    sa.Column('lot_no', sa.String(length=32), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.Column('data_sha256', sa.String(length=64), nullable=False),
    sa.Column('requested_at', sa.String(length=27), nullable=False),
    sa.PrimaryKeyConstraint('draft_id', name=op.f('pk_report_requests'))
    )
    op.create_index(op.f('ix_report_requests_lot_no'), 'report_requests', ['lot_no'], unique=False)
    op.create_index(op.f('ix_report_requests_report_no'), 'report_requests', ['report_no'], unique=False)
    op.create_table('returns',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('subject_id', sa.String(length=36), nullable=False),
    sa.Column('lot_no', sa.String(length=32), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('person_id', sa.String(length=36), nullable=False),
    sa.Column('person_name', sa.String(length=80), nullable=False),
    sa.Column('at', sa.String(length=27), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_returns')),
    sa.UniqueConstraint('subject_id', name=op.f('uq_returns_subject_id'))
    )
    op.create_index(op.f('ix_returns_lot_no'), 'returns', ['lot_no'], unique=False)
    op.create_table('sign_ins',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('person_id', sa.String(length=36), nullable=False),
    sa.Column('station', sa.String(length=64), nullable=False),
    sa.Column('outcome', sa.String(length=16), nullable=False),
    sa.Column('at', sa.String(length=27), nullable=False),
    sa.Column('failures_in_row', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_ins'))
    )
    op.create_index(op.f('ix_sign_ins_person_id'), 'sign_ins', ['person_id'], unique=False)
    op.create_table('signatory_scopes',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('person_id', sa.String(length=36), nullable=False),
    sa.Column('field', sa.String(length=32), nullable=False),
    sa.Column('valid_from', sa.String(length=10), nullable=False),
    sa.Column('valid_to', sa.String(length=10), nullable=False),
    sa.Column('reference', sa.String(length=80), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signatory_scopes'))
    )
    op.create_index(op.f('ix_signatory_scopes_person_id'), 'signatory_scopes', ['person_id'], unique=False)
    op.create_table('signatures',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('subject', sa.String(length=16), nullable=False),
    sa.Column('subject_id', sa.String(length=36), nullable=False),
    sa.Column('lot_no', sa.String(length=32), nullable=False),
    sa.Column('field', sa.String(length=32), nullable=False),
    sa.Column('role', sa.String(length=16), nullable=False),
    sa.Column('person_id', sa.String(length=36), nullable=False),
    sa.Column('person_name', sa.String(length=80), nullable=False),
    sa.Column('at', sa.String(length=27), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('reference', sa.String(length=80), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signatures')),
    sa.UniqueConstraint('subject_id', 'role', name=op.f('uq_signatures_subject_id_role'))
    )
    op.create_index(op.f('ix_signatures_lot_no'), 'signatures', ['lot_no'], unique=False)
    op.create_index(op.f('ix_signatures_subject_id'), 'signatures', ['subject_id'], unique=False)
    op.create_table('tightenings',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('person_id', sa.String(length=36), nullable=False),
    sa.Column('at', sa.String(length=27), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tightenings'))
    )
    op.create_table('viewings',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('subject_id', sa.String(length=36), nullable=False),
    sa.Column('person_id', sa.String(length=36), nullable=False),
    sa.Column('item', sa.String(length=80), nullable=False),
    sa.Column('at', sa.String(length=27), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_viewings')),
    sa.UniqueConstraint('subject_id', 'person_id', 'item', name=op.f('uq_viewings_subject_id_person_id_item'))
    )
    op.create_index(op.f('ix_viewings_subject_id'), 'viewings', ['subject_id'], unique=False)
    op.create_table('void_numbers',
    sa.Column('text', sa.String(length=64), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('at', sa.String(length=27), nullable=False),
    sa.PrimaryKeyConstraint('text', name=op.f('pk_void_numbers'))
    )
    # ### end Alembic commands ###
    op.execute("INSERT INTO counters (name, value) VALUES ('writer', 0)")
    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    raise NotImplementedError("evidence is never migrated backwards; restore the backup made before the upgrade")
