#include "data/store/schema.h"

/* Numbers are what C computed: 8-byte REAL, and NULL for "not a number".  Times are milliseconds since 1970,
 * UTC, or seconds of the run.  Blobs called data, omega, ... are packed arrays (array.h).
 *
 * A run's number stands for it inside the file only and is never given again; outside a run is its id. */
static const char step_1[] =
    "CREATE TABLE runs ("
    "  number INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  id TEXT NOT NULL UNIQUE,"
    "  name TEXT NOT NULL,"
    "  preset TEXT,"
    "  format TEXT NOT NULL,"
    "  location TEXT NOT NULL,"
    "  operator TEXT NOT NULL,"
    "  method TEXT NOT NULL,"
    "  family TEXT NOT NULL,"
    "  alignment TEXT NOT NULL,"
    "  optimiser TEXT,"
    "  model TEXT NOT NULL,"
    "  model_sha256 TEXT,"
    "  channel_order TEXT,"
    "  dataset TEXT NOT NULL,"
    "  drawn_sha256 TEXT,"
    "  neutral REAL,"
    "  seed INTEGER NOT NULL," /* 64 bits: a seed of 2^63 and more is stored as seed - 2^64 */
    "  created INTEGER NOT NULL,"
    "  state TEXT NOT NULL," /* running, finished, stopped, failed */
    "  error TEXT,"
    "  boot_id TEXT," /* the process that trains it, while it is running */
    "  pid INTEGER,"
    "  process_start INTEGER," /* clock ticks after boot */
    "  total_steps INTEGER NOT NULL DEFAULT 0,"
    "  steps INTEGER NOT NULL DEFAULT 0,"
    "  seconds REAL,"
    "  images_per_second REAL,"
    "  best_test_accuracy REAL,"
    "  last_test_accuracy REAL,"
    "  max_test_accuracy REAL,"
    "  best_validation_accuracy REAL,"
    "  no_prompt_test_accuracy REAL,"
    "  no_prompt_full_size_test_accuracy REAL,"
    "  trainable_parameters INTEGER,"
    "  frozen_parameters INTEGER,"
    "  weights_digest_before TEXT,"
    "  weights_digest_after TEXT,"
    "  pattern_sha256 TEXT,"
    "  pattern_norm REAL,"
    "  gain REAL GENERATED ALWAYS AS (best_test_accuracy - max("
    "    coalesce(no_prompt_test_accuracy, no_prompt_full_size_test_accuracy),"
    "    coalesce(no_prompt_full_size_test_accuracy, no_prompt_test_accuracy))) VIRTUAL,"
    "  star INTEGER NOT NULL DEFAULT 0,"
    "  tags TEXT NOT NULL DEFAULT '',"
    "  note TEXT NOT NULL DEFAULT '',"
    "  deleted_at INTEGER,"
    "  program_version TEXT,"
    "  blas_core TEXT,"
    "  threads INTEGER"
    ") STRICT;"
    /* Each for one order of the list. */
    "CREATE INDEX runs_name ON runs(name COLLATE NOCASE);"
    "CREATE INDEX runs_preset ON runs(preset);"
    "CREATE INDEX runs_location ON runs(location);"
    "CREATE INDEX runs_operator ON runs(operator);"
    "CREATE INDEX runs_method ON runs(method);"
    "CREATE INDEX runs_alignment ON runs(alignment);"
    "CREATE INDEX runs_optimiser ON runs(optimiser);"
    "CREATE INDEX runs_model ON runs(model);"
    "CREATE INDEX runs_dataset ON runs(dataset);"
    "CREATE INDEX runs_created ON runs(created);"
    "CREATE INDEX runs_state ON runs(state);"
    "CREATE INDEX runs_steps ON runs(steps);"
    "CREATE INDEX runs_seconds ON runs(seconds);"
    "CREATE INDEX runs_best_test_accuracy ON runs(best_test_accuracy);"
    "CREATE INDEX runs_best_validation_accuracy ON runs(best_validation_accuracy);"
    "CREATE INDEX runs_gain ON runs(gain);"
    "CREATE INDEX runs_star ON runs(star);"
    "CREATE INDEX runs_deleted_at ON runs(deleted_at);"

    /* Apart, so that the rows of a list lie close together. */
    "CREATE TABLE specs ("
    "  run INTEGER PRIMARY KEY REFERENCES runs(number) ON DELETE CASCADE,"
    "  spec TEXT NOT NULL"
    ") STRICT;"

    "CREATE TABLE metrics ("
    "  run INTEGER NOT NULL REFERENCES runs(number) ON DELETE CASCADE,"
    "  step INTEGER NOT NULL,"
    "  epoch INTEGER NOT NULL,"
    "  loss REAL,"
    "  train_accuracy REAL,"
    "  seconds REAL,"
    "  PRIMARY KEY (run, step)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE evaluations ("
    "  run INTEGER NOT NULL REFERENCES runs(number) ON DELETE CASCADE,"
    "  step INTEGER NOT NULL,"
    "  validation_accuracy REAL,"
    "  validation_loss REAL,"
    "  test_accuracy REAL,"
    "  seconds REAL,"
    "  PRIMARY KEY (run, step)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE patterns ("
    "  run INTEGER NOT NULL REFERENCES runs(number) ON DELETE CASCADE,"
    "  step INTEGER NOT NULL,"
    "  shape TEXT NOT NULL," /* 3,32,32 */
    "  preview BLOB,"        /* PNG */
    "  data BLOB NOT NULL,"  /* float32 */
    "  PRIMARY KEY (run, step)"
    ") STRICT;"

    "CREATE TABLE maps ("
    "  run INTEGER NOT NULL REFERENCES runs(number) ON DELETE CASCADE,"
    "  step INTEGER NOT NULL,"
    "  n_source INTEGER NOT NULL,"
    "  n_target INTEGER NOT NULL,"
    "  switches INTEGER NOT NULL,"
    "  omega BLOB NOT NULL," /* float32 (n_source, n_target) */
    "  bias BLOB NOT NULL,"  /* float32 (n_target) */
    "  PRIMARY KEY (run, step)"
    ") STRICT;"

    /* Target classes whose largest source class is another one than in the map before. */
    "CREATE TABLE map_changes ("
    "  run INTEGER NOT NULL REFERENCES runs(number) ON DELETE CASCADE,"
    "  step INTEGER NOT NULL,"
    "  target INTEGER NOT NULL,"
    "  source_before INTEGER NOT NULL,"
    "  source_after INTEGER NOT NULL,"
    "  PRIMARY KEY (run, step, target)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE warnings ("
    "  run INTEGER NOT NULL REFERENCES runs(number) ON DELETE CASCADE,"
    "  place INTEGER NOT NULL," /* 1, 2, ... in the order of the run */
    "  sentence TEXT NOT NULL,"
    "  PRIMARY KEY (run, place),"
    "  UNIQUE (run, sentence)"
    ") STRICT, WITHOUT ROWID;"

    /* One row a run, replaced as a whole.  complete: it holds all that going on needs. */
    "CREATE TABLE checkpoints ("
    "  run INTEGER PRIMARY KEY REFERENCES runs(number) ON DELETE CASCADE,"
    "  complete INTEGER NOT NULL,"
    "  step INTEGER NOT NULL,"
    "  epoch INTEGER NOT NULL,"
    "  batch_in_epoch INTEGER NOT NULL,"
    "  fitted_epoch INTEGER NOT NULL,"
    "  evaluated_step INTEGER NOT NULL,"
    "  seconds REAL,"
    "  step_seconds REAL,"
    "  images INTEGER NOT NULL,"
    "  best_step INTEGER NOT NULL,"
    "  best_validation_accuracy REAL,"
    "  best_test_accuracy REAL,"
    "  max_test_accuracy REAL,"
    "  last_validation_accuracy REAL,"
    "  last_test_accuracy REAL,"
    "  no_prompt_test_accuracy REAL,"
    "  no_prompt_full_size_test_accuracy REAL,"
    "  parameters BLOB NOT NULL," /* float32, like moments, omega and bias */
    "  moment_1 BLOB NOT NULL,"
    "  moment_2 BLOB NOT NULL,"
    "  omega BLOB NOT NULL,"
    "  bias BLOB NOT NULL,"
    "  counts BLOB NOT NULL," /* float64 */
    "  map_top BLOB NOT NULL" /* int32 */
    ") STRICT;"

    "CREATE VIEW v_runs AS\n"
    "  -- For sqlite3, pandas and others: pandas.read_sql('SELECT * FROM v_runs', connection).\n"
    "  -- A run that says running may have been killed: its process is boot_id, pid, process_start.\n"
    "  -- Curves: SELECT m.* FROM metrics m JOIN v_runs v ON v.number = m.run WHERE v.id = '...'; "
    "evaluations likewise.\n"
    "  -- Patterns: numpy.frombuffer(zlib.decompress(data), 'u1').reshape(4, "
    "-1).T.copy().view('<f4').reshape(shape).\n"
    "  SELECT id, name, preset, model, dataset, format, location, operator, family AS alignment_family,"
    "    method, alignment, optimiser, seed, state,"
    "    strftime('%Y-%m-%dT%H:%M:%fZ', created / 1000.0, 'unixepoch') AS created,"
    "    total_steps, steps, seconds, images_per_second,"
    "    best_validation_accuracy, best_test_accuracy, last_test_accuracy, max_test_accuracy,"
    "    no_prompt_test_accuracy, no_prompt_full_size_test_accuracy, gain,"
    "    trainable_parameters, frozen_parameters, pattern_norm, pattern_sha256, model_sha256, drawn_sha256,"
    "    weights_digest_before, weights_digest_after, star, tags, note, error, spec,"
    "    program_version, blas_core, threads, boot_id, pid, process_start, number\n"
    "  FROM runs LEFT JOIN specs ON run = number WHERE deleted_at IS NULL;";

/* The maps of f without a prompt, which belong to the runs' baselines. */
static const char step_2[] = "CREATE TABLE baseline_maps ("
                             "  run INTEGER NOT NULL REFERENCES runs(number) ON DELETE CASCADE,"
                             "  mode TEXT NOT NULL," /* no_prompt, no_prompt_full_size */
                             "  n_source INTEGER NOT NULL,"
                             "  n_target INTEGER NOT NULL,"
                             "  omega BLOB NOT NULL," /* as in maps */
                             "  bias BLOB NOT NULL,"
                             "  PRIMARY KEY (run, mode)"
                             ") STRICT;";

/* Losses, by which runs that tell next tokens are compared. */
static const char step_3[] = "ALTER TABLE runs ADD COLUMN last_test_loss REAL;"
                             "ALTER TABLE runs ADD COLUMN no_prompt_test_loss REAL;"
                             "ALTER TABLE checkpoints ADD COLUMN last_test_loss REAL;"
                             "ALTER TABLE checkpoints ADD COLUMN no_prompt_test_loss REAL;";

/* What curves lacked: the gradient at the pattern, and the loss of f on pictures of full size. */
static const char step_4[] = "ALTER TABLE metrics ADD COLUMN gradient_norm REAL;"
                             "ALTER TABLE runs ADD COLUMN no_prompt_full_size_test_loss REAL;"
                             "ALTER TABLE checkpoints ADD COLUMN no_prompt_full_size_test_loss REAL;";

const char *const schema_steps[] = {step_1, step_2, step_3, step_4, NULL};
