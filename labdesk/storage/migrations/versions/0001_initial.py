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
        "CREATE TRIGGER log_entries_no_delete BEFORE DELETE ON log_entries BEGIN SELECT RAISE(ABORT, 'evidence: log_entries rows stay'); END",
        "CREATE TRIGGER log_entries_no_update BEFORE UPDATE ON log_entries BEGIN SELECT RAISE(ABORT, 'evidence: log_entries rows never change'); END",
        "CREATE TRIGGER log_entries_no_replace_0 BEFORE INSERT ON log_entries WHEN EXISTS (SELECT 1 FROM log_entries WHERE seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: log_entries has this row'); END",
        "CREATE TRIGGER log_nodes_no_delete BEFORE DELETE ON log_nodes BEGIN SELECT RAISE(ABORT, 'evidence: log_nodes rows stay'); END",
        "CREATE TRIGGER log_nodes_no_update BEFORE UPDATE ON log_nodes BEGIN SELECT RAISE(ABORT, 'evidence: log_nodes rows never change'); END",
        "CREATE TRIGGER log_nodes_no_replace_0 BEFORE INSERT ON log_nodes WHEN EXISTS (SELECT 1 FROM log_nodes WHERE level = NEW.level AND position = NEW.position) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: log_nodes has this row'); END",
        "CREATE TRIGGER machines_no_delete BEFORE DELETE ON machines BEGIN SELECT RAISE(ABORT, 'evidence: machines rows stay'); END",
        "CREATE TRIGGER machines_no_replace_0 BEFORE INSERT ON machines WHEN EXISTS (SELECT 1 FROM machines WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: machines has this row'); END",
        "CREATE TRIGGER machines_no_replace_1 BEFORE INSERT ON machines WHEN EXISTS (SELECT 1 FROM machines WHERE number = NEW.number) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: machines has this row'); END",
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
        "CREATE TRIGGER profiles_no_delete BEFORE DELETE ON profiles BEGIN SELECT RAISE(ABORT, 'evidence: profiles rows stay'); END",
        "CREATE TRIGGER profiles_no_update BEFORE UPDATE ON profiles BEGIN SELECT RAISE(ABORT, 'evidence: profiles rows never change'); END",
        "CREATE TRIGGER profiles_no_replace_0 BEFORE INSERT ON profiles WHEN EXISTS (SELECT 1 FROM profiles WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: profiles has this row'); END",
        "CREATE TRIGGER projects_no_delete BEFORE DELETE ON projects BEGIN SELECT RAISE(ABORT, 'evidence: projects rows stay'); END",
        "CREATE TRIGGER projects_no_replace_0 BEFORE INSERT ON projects WHEN EXISTS (SELECT 1 FROM projects WHERE code = NEW.code) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: projects has this row'); END",
        "CREATE TRIGGER sign_ins_no_delete BEFORE DELETE ON sign_ins BEGIN SELECT RAISE(ABORT, 'evidence: sign_ins rows stay'); END",
        "CREATE TRIGGER sign_ins_no_update BEFORE UPDATE ON sign_ins BEGIN SELECT RAISE(ABORT, 'evidence: sign_ins rows never change'); END",
        "CREATE TRIGGER sign_ins_no_replace_0 BEFORE INSERT ON sign_ins WHEN EXISTS (SELECT 1 FROM sign_ins WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: sign_ins has this row'); END",
        "CREATE TRIGGER signatory_scopes_no_delete BEFORE DELETE ON signatory_scopes BEGIN SELECT RAISE(ABORT, 'evidence: signatory_scopes rows stay'); END",
        "CREATE TRIGGER signatory_scopes_no_update BEFORE UPDATE ON signatory_scopes BEGIN SELECT RAISE(ABORT, 'evidence: signatory_scopes rows never change'); END",
        "CREATE TRIGGER signatory_scopes_no_replace_0 BEFORE INSERT ON signatory_scopes WHEN EXISTS (SELECT 1 FROM signatory_scopes WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: signatory_scopes has this row'); END",
        "CREATE TRIGGER tightenings_no_delete BEFORE DELETE ON tightenings BEGIN SELECT RAISE(ABORT, 'evidence: tightenings rows stay'); END",
        "CREATE TRIGGER tightenings_no_update BEFORE UPDATE ON tightenings BEGIN SELECT RAISE(ABORT, 'evidence: tightenings rows never change'); END",
        "CREATE TRIGGER tightenings_no_replace_0 BEFORE INSERT ON tightenings WHEN EXISTS (SELECT 1 FROM tightenings WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: tightenings has this row'); END",
        "CREATE TRIGGER void_numbers_no_delete BEFORE DELETE ON void_numbers BEGIN SELECT RAISE(ABORT, 'evidence: void_numbers rows stay'); END",
        "CREATE TRIGGER void_numbers_no_update BEFORE UPDATE ON void_numbers BEGIN SELECT RAISE(ABORT, 'evidence: void_numbers rows never change'); END",
        "CREATE TRIGGER void_numbers_no_replace_0 BEFORE INSERT ON void_numbers WHEN EXISTS (SELECT 1 FROM void_numbers WHERE text = NEW.text) BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: void_numbers has this row'); END",
        "CREATE TRIGGER outbox_frozen BEFORE UPDATE ON outbox WHEN NEW.body <> OLD.body OR NEW.sha256 <> OLD.sha256 OR NEW.id <> OLD.id OR NEW.kind <> OLD.kind OR NEW.natural_key <> OLD.natural_key OR NEW.stream <> OLD.stream OR NEW.attachments <> OLD.attachments OR (OLD.receipt IS NOT NULL AND NEW.receipt <> OLD.receipt) BEGIN SELECT RAISE(ABORT, 'refused(storage.outbox_frozen)'); END",
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
        "CREATE TRIGGER log_entries_stays BEFORE UPDATE OR DELETE ON log_entries FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: log_entries rows never change')",
        "CREATE TRIGGER log_entries_no_truncate BEFORE TRUNCATE ON log_entries FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: log_entries rows stay')",
        "CREATE TRIGGER log_nodes_stays BEFORE UPDATE OR DELETE ON log_nodes FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: log_nodes rows never change')",
        "CREATE TRIGGER log_nodes_no_truncate BEFORE TRUNCATE ON log_nodes FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: log_nodes rows stay')",
        "CREATE TRIGGER machines_stays BEFORE DELETE ON machines FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: machines rows never change')",
        "CREATE TRIGGER machines_no_truncate BEFORE TRUNCATE ON machines FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: machines rows stay')",
        "CREATE TRIGGER numbers_stays BEFORE UPDATE OR DELETE ON numbers FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: numbers rows never change')",
        "CREATE TRIGGER numbers_no_truncate BEFORE TRUNCATE ON numbers FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: numbers rows stay')",
        "CREATE TRIGGER outbox_stays BEFORE DELETE ON outbox FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: outbox rows never change')",
        "CREATE TRIGGER outbox_no_truncate BEFORE TRUNCATE ON outbox FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: outbox rows stay')",
        "CREATE TRIGGER people_stays BEFORE DELETE ON people FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: people rows never change')",
        "CREATE TRIGGER people_no_truncate BEFORE TRUNCATE ON people FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: people rows stay')",
        "CREATE TRIGGER profiles_stays BEFORE UPDATE OR DELETE ON profiles FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: profiles rows never change')",
        "CREATE TRIGGER profiles_no_truncate BEFORE TRUNCATE ON profiles FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: profiles rows stay')",
        "CREATE TRIGGER projects_stays BEFORE DELETE ON projects FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: projects rows never change')",
        "CREATE TRIGGER projects_no_truncate BEFORE TRUNCATE ON projects FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: projects rows stay')",
        "CREATE TRIGGER sign_ins_stays BEFORE UPDATE OR DELETE ON sign_ins FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: sign_ins rows never change')",
        "CREATE TRIGGER sign_ins_no_truncate BEFORE TRUNCATE ON sign_ins FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: sign_ins rows stay')",
        "CREATE TRIGGER signatory_scopes_stays BEFORE UPDATE OR DELETE ON signatory_scopes FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: signatory_scopes rows never change')",
        "CREATE TRIGGER signatory_scopes_no_truncate BEFORE TRUNCATE ON signatory_scopes FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: signatory_scopes rows stay')",
        "CREATE TRIGGER tightenings_stays BEFORE UPDATE OR DELETE ON tightenings FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: tightenings rows never change')",
        "CREATE TRIGGER tightenings_no_truncate BEFORE TRUNCATE ON tightenings FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: tightenings rows stay')",
        "CREATE TRIGGER void_numbers_stays BEFORE UPDATE OR DELETE ON void_numbers FOR EACH ROW EXECUTE FUNCTION labdesk_refuse('evidence: void_numbers rows never change')",
        "CREATE TRIGGER void_numbers_no_truncate BEFORE TRUNCATE ON void_numbers FOR EACH STATEMENT EXECUTE FUNCTION labdesk_refuse('evidence: void_numbers rows stay')",
        "CREATE OR REPLACE FUNCTION outbox_frozen() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN IF NEW.body <> OLD.body OR NEW.sha256 <> OLD.sha256 OR NEW.id <> OLD.id OR NEW.kind <> OLD.kind OR NEW.natural_key <> OLD.natural_key OR NEW.stream <> OLD.stream OR NEW.attachments <> OLD.attachments OR (OLD.receipt IS NOT NULL AND NEW.receipt <> OLD.receipt) THEN RAISE EXCEPTION 'refused(storage.outbox_frozen)' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        'CREATE TRIGGER outbox_frozen BEFORE UPDATE ON outbox FOR EACH ROW EXECUTE FUNCTION outbox_frozen()',
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
    op.create_table('tightenings',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('person_id', sa.String(length=36), nullable=False),
    sa.Column('at', sa.String(length=27), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tightenings'))
    )
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
