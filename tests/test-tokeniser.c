/* Tokenisers: round trips, ids against a merging that tries all pairs, damaged files. */
#include "data/models.h"
#include "data/tokeniser.h"
#include "data/tokenisers/pair-merge.h"
#include "data/utf8-stream.h"
#include "engine/random.h"
#include "tests/temporary-folder.h"

#include <string.h>

#define CHARACTERS "characters:[\" \", \"a\", \"b\", \"ab\", \"\\u00e4\"]"

static char *decode(const Tokeniser *tokeniser, const GArray *ids) {
  GString *bytes = g_string_new(NULL);
  for (guint i = 0; i < ids->len; i++)
    tokeniser_decode(tokeniser, i ? (int)g_array_index(ids, int64_t, i - 1) : TOKEN_NONE,
                     (int)g_array_index(ids, int64_t, i), bytes);
  return g_string_free(bytes, FALSE);
}

static void assert_ids(const Tokeniser *tokeniser, const char *text, int n, const int64_t *wanted) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) ids = tokeniser_encode(tokeniser, text, &error);
  g_assert_no_error(error);
  g_assert_cmpmem(ids->data, ids->len * sizeof(int64_t), wanted, (size_t)n * sizeof(int64_t));
  g_autofree char *back = decode(tokeniser, ids);
  g_assert_cmpstr(back, ==, text);
}

static void assert_refused(Tokeniser *tokeniser, const GError *error, const char *word) {
  g_assert_null(tokeniser);
  g_assert_nonnull(error);
  if (!strstr(error->message, word))
    g_test_message("%s", error->message);
  g_assert_nonnull(strstr(error->message, word));
  g_assert_null(strchr(error->message, '\n'));
}

static void test_characters(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Tokeniser) tokeniser = tokeniser_open(CHARACTERS, ".", 5, &error);
  g_assert_no_error(error);
  g_assert_cmpint(tokeniser_size(tokeniser), ==, 5);
  g_assert_cmpint(tokeniser_begin(tokeniser), ==, TOKEN_NONE);
  assert_ids(tokeniser, "aab b\303\244", 5, (int64_t[]){1, 3, 0, 2, 4});
  assert_ids(tokeniser, "", 0, NULL);
  g_assert_null(tokeniser_encode(tokeniser, "ac", &error));
  g_assert_nonnull(strstr(error->message, "U+0063"));
  g_clear_error(&error);
  g_assert_null(tokeniser_encode(tokeniser, "a\377", &error));
  g_assert_nonnull(strstr(error->message, "byte 2"));
}

static void test_entries_refused(void) {
  static const struct {
    const char *entry;
    int vocabulary;
    const char *word;
  } cases[] = {
      {"characters:", 0, "JSON"},
      {"characters:[]", 0, "JSON"},
      {"characters:[[\"a\"]]", 0, "JSON"},
      {"characters:[1]", 0, "JSON"},
      {"characters:[\"a\"]", 2, "another model"},
      {"absent.bin", 0, "absent.bin"},
      {"../absent.bin", 0, "beside the model"},
      {"/etc/passwd", 0, "beside the model"},
      {"..", 0, "beside the model"},
      {" (remark)", 0, "beside the model"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    Tokeniser *tokeniser = tokeniser_open(cases[i].entry, "/", cases[i].vocabulary, &error);
    assert_refused(tokeniser, error, cases[i].word);
  }
}

static void append_token(GByteArray *file, float score, const char *text) {
  guint32 bits, length = GUINT32_TO_LE((guint32)strlen(text));
  memcpy(&bits, &score, sizeof bits);
  bits = GUINT32_TO_LE(bits);
  g_byte_array_append(file, (const guint8 *)&bits, sizeof bits);
  g_byte_array_append(file, (const guint8 *)&length, sizeof length);
  g_byte_array_append(file, (const guint8 *)text, (guint)strlen(text));
}

/* " " a b c ab bc " a" <0xC3> <0xA4>, with bc preferred to ab. */
static GByteArray *small_file(void) {
  GByteArray *file = g_byte_array_new();
  g_byte_array_append(file, (const guint8 *)"\6\0\0\0", 4);
  static const char *const texts[] = {"<unk>", "\n<s>\n", "\n</s>\n", " ",      "a",      "b", "c",
                                      "ab",    "bc",      " a",       "<0xC3>", "<0xA4>", "cc"};
  static const float scores[] = {0, 0, 0, -1, -1, -1, -1, -3, -2, -4, 0, 0, -9};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    append_token(file, scores[i], texts[i]);
  return file;
}

static Tokeniser *open_bytes(const GByteArray *file, gsize size, GError **error) {
  g_autoptr(TemporaryFolder) folder = folder_new();
  g_autofree char *path = g_build_filename(folder, "tokens.bin", NULL);
  g_assert_true(g_file_set_contents(path, (const char *)file->data, (gssize)size, NULL));
  return tokeniser_open("tokens.bin (beside the model)", folder, 0, error);
}

static void test_merges(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GByteArray) file = small_file();
  g_autoptr(Tokeniser) tokeniser = open_bytes(file, file->len, &error);
  g_assert_no_error(error);
  g_assert_cmpint(tokeniser_size(tokeniser), ==, 13);
  g_assert_cmpint(tokeniser_begin(tokeniser), ==, 1);
  g_assert_cmpint(tokeniser_end(tokeniser), ==, 2);
  assert_ids(tokeniser, "", 1, (int64_t[]){1});
  assert_ids(tokeniser, "abc", 3, (int64_t[]){1, 9, 8});
  assert_ids(tokeniser, "cab", 4, (int64_t[]){1, 3, 6, 7});
  assert_ids(tokeniser, "ccc", 4, (int64_t[]){1, 3, 12, 6});
  assert_ids(tokeniser, "\303\244b", 5, (int64_t[]){1, 3, 10, 11, 5});
  assert_ids(tokeniser, " a", 3, (int64_t[]){1, 3, 9});
}

/* Every shorter file either ends behind a token or is refused; nothing reads behind its end. */
static void test_damaged_files(void) {
  g_autoptr(GByteArray) file = small_file();
  guint opened = 0;
  for (gsize size = 0; size < file->len; size++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(Tokeniser) tokeniser = open_bytes(file, size, &error);
    g_assert_true((tokeniser == NULL) == (error != NULL));
    opened += tokeniser != NULL;
  }
  g_assert_cmpuint(opened, ==, 9);
  g_autoptr(GError) error = NULL;
  memset(file->data + 8, 0xFF, 4); /* the length of the first token */
  Tokeniser *tokeniser = open_bytes(file, file->len, &error);
  assert_refused(tokeniser, error, "damaged");
}

/* The same by looking at all neighbours again after each merge. */
static void merge_plainly(const Pieces *pieces, const char *text, GArray *ids) {
  g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);
  for (const char *at = text; *at; at = g_utf8_next_char(at))
    g_ptr_array_add(parts, g_strndup(at, (gsize)(g_utf8_next_char(at) - at)));
  for (;;) {
    int best = -1, best_id = -1;
    for (guint i = 0; i + 1 < parts->len; i++) {
      const char *a = parts->pdata[i], *b = parts->pdata[i + 1];
      g_autofree char *both = g_strconcat(a, b, NULL);
      int id = pieces_find(pieces, both, (guint)strlen(both));
      if (id >= 0 && (best < 0 || pieces->pieces[id].score > pieces->pieces[best_id].score)) {
        best = (int)i;
        best_id = id;
      }
    }
    if (best < 0)
      break;
    char *both = g_strconcat(parts->pdata[best], parts->pdata[best + 1], NULL);
    g_free(parts->pdata[best]);
    parts->pdata[best] = both;
    g_ptr_array_remove_index(parts, (guint)best + 1);
  }
  for (guint i = 0; i < parts->len; i++) {
    int64_t id = pieces_find(pieces, parts->pdata[i], (guint)strlen(parts->pdata[i]));
    g_array_append_val(ids, id);
  }
}

static void test_merges_like_plain(void) {
  enum { N = 60, LETTERS = 4 };
  static const char *const letters[LETTERS] = {"a", "b", "\303\244", " "};
  for (guint32 round = 0; round < 200; round++) {
    Random random = {7, RANDOM_TEXT, round};
    uint64_t drawn = 0;
    g_auto(GStrv) texts = g_new0(char *, N + 1);
    Piece *rows = g_new0(Piece, N);
    for (int i = 0; i < N; i++) {
      g_autoptr(GString) text = g_string_new(i < LETTERS ? letters[i] : NULL);
      int length = i < LETTERS ? 0 : 2 + (int)(random_uniform(&random, drawn++) * 3);
      for (int k = 0; k < length; k++)
        g_string_append(text, letters[(int)(random_uniform(&random, drawn++) * LETTERS)]);
      texts[i] = g_strdup(text->str);
      rows[i] = (Piece){texts[i], (guint)text->len, (float)(int)(random_uniform(&random, drawn++) * 9)};
    }
    Pieces pieces;
    pieces_init(&pieces, rows, N, NULL);
    g_autoptr(GString) text = g_string_new(NULL);
    for (int k = 0; k < 80; k++)
      g_string_append(text, letters[(int)(random_uniform(&random, drawn++) * LETTERS)]);
    g_autoptr(GArray) fast = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_autoptr(GArray) plain = g_array_new(FALSE, FALSE, sizeof(int64_t));
    int by_byte[256] = {0};
    pair_merge(&pieces, by_byte, text->str, (guint)text->len, fast);
    merge_plainly(&pieces, text->str, plain);
    g_assert_cmpmem(fast->data, fast->len * sizeof(int64_t), plain->data, plain->len * sizeof(int64_t));
    pieces_clear(&pieces);
  }
}

/* The file that comes with a real model: known ids, and any text back as it was. */
static void test_shared_file(void) {
  const char *shared = g_getenv("HOARFROST_SHARED");
  g_autofree char *folder = g_build_filename(shared ? shared : SOURCE_ROOT "/../shared", "models", NULL);
  g_autofree char *path = g_build_filename(folder, "stories260k.tok512.bin", NULL);
  if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_test_skip("shared/models/stories260k.tok512.bin is absent");
    return;
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(Tokeniser) tokeniser = tokeniser_open("stories260k.tok512.bin", folder, 512, &error);
  g_assert_no_error(error);
  assert_ids(tokeniser, "Once upon a time", 5, (int64_t[]){1, 403, 407, 261, 378});
  static const char *const texts[] = {"",
                                      " ",
                                      "One day, a cat.\n\nIt\tran.",
                                      "\303\244\342\202\254\360\237\230\200",
                                      "<0x41>",
                                      "</s>",
                                      "  two  spaces  "};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(GArray) ids = tokeniser_encode(tokeniser, texts[i], &error);
    g_assert_no_error(error);
    g_autofree char *back = decode(tokeniser, ids);
    g_assert_cmpstr(back, ==, texts[i]);
  }
}

static void test_utf8_stream(void) {
  g_autoptr(GString) bytes = g_string_new("a\342\202");
  g_autoptr(GString) text = g_string_new(NULL);
  utf8_stream(bytes, false, text);
  g_assert_cmpstr(text->str, ==, "a");
  g_string_append_c(bytes, (char)0254);
  utf8_stream(bytes, false, text);
  g_assert_cmpstr(text->str, ==, "a\342\202\254");
  g_string_append(bytes, "\377b\303");
  utf8_stream(bytes, true, text);
  g_assert_cmpstr(text->str, ==, "a\342\202\254\357\277\275b\357\277\275");
  g_assert_cmpuint(bytes->len, ==, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/tokeniser/characters", test_characters);
  g_test_add_func("/tokeniser/entries-refused", test_entries_refused);
  g_test_add_func("/tokeniser/merges", test_merges);
  g_test_add_func("/tokeniser/merges-like-plain", test_merges_like_plain);
  g_test_add_func("/tokeniser/damaged-files", test_damaged_files);
  g_test_add_func("/tokeniser/shared-file", test_shared_file);
  g_test_add_func("/tokeniser/utf8-stream", test_utf8_stream);
  return g_test_run();
}
