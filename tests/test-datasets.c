/* Data sets from files that the test writes, headers that lie, and the real files of ../shared. */
#include "data/datasets.h"
#include "data/datasets/loading.h"
#include "engine/error.h"
#include "tests/temporary-folder.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define IMAGES "train-images-idx3-ubyte"
#define LABELS "train-labels-idx1-ubyte"

static void assert_refused(const char *path, const char *part) {
  g_autoptr(GError) error = NULL;
  g_autoptr(SampleSet) set = dataset_load(path, 1, &error);
  g_assert_null(set);
  g_assert_error(error, HOARFROST_ERROR, HOARFROST_ERROR_INPUT);
  if (!strstr(error->message, part))
    g_error("\"%s\" should contain \"%s\"", error->message, part);
  g_assert_null(strchr(error->message, '\n'));
  g_assert_nonnull(strstr(error->message, "; ")); /* what to do */
}

static SampleSet *load(const char *path, uint64_t seed) {
  g_autoptr(GError) error = NULL;
  SampleSet *set = dataset_load(path, seed, &error);
  g_assert_no_error(error);
  return set;
}

static int label(const SamplePart *part, int i) {
  return g_array_index(part->labels, int, i);
}

static const Picture *picture(const SamplePart *part, int i) {
  return &g_array_index(part->pictures, Picture, i);
}

static void write_file(const char *folder, const char *name, const void *bytes, gsize size) {
  g_free(folder_write(folder, name, bytes, size));
}

static void write_packed(const char *folder, const char *name, const void *bytes, gsize size) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  gzFile file = gzopen(path, "wb");
  g_assert_cmpint(gzwrite(file, bytes, (unsigned)size), ==, (int)size);
  g_assert_cmpint(gzclose(file), ==, Z_OK);
}

/* `n` pictures of 2 x 3 (height x width); pixel p of picture i is 6 i + p, its label i % classes. */
static GByteArray *idx(guint32 magic, guint n, guint classes) {
  GByteArray *bytes = g_byte_array_new();
  guint32 head[] = {GUINT32_TO_BE(magic), GUINT32_TO_BE(n), GUINT32_TO_BE(2), GUINT32_TO_BE(3)};
  g_byte_array_append(bytes, (const guint8 *)head, magic == 0x803 ? 16 : 8);
  for (guint i = 0; i < (magic == 0x803 ? 6 * n : n); i++)
    g_byte_array_append(bytes, &(guint8){(guint8)(magic == 0x803 ? i : i % classes)}, 1);
  return bytes;
}

static void write_idx(const char *folder, const char *part, guint n, bool packed) {
  g_autoptr(GByteArray) images = idx(0x803, n, 0), labels = idx(0x801, n, 3);
  g_autofree char *first = g_strdup_printf("%s-images-idx3-ubyte%s", part, packed ? ".gz" : "");
  g_autofree char *second = g_strdup_printf("%s-labels-idx1-ubyte%s", part, packed ? ".gz" : "");
  (packed ? write_packed : write_file)(folder, first, images->data, images->len);
  (packed ? write_packed : write_file)(folder, second, labels->data, labels->len);
}

static void test_idx(void) {
  g_autoptr(TemporaryFolder) folder = folder_new();
  write_idx(folder, "train", 30, true);
  write_idx(folder, "train", 30, false); /* the same once more, not packed: counts once */
  write_idx(folder, "t10k", 6, true);
  g_autoptr(SampleSet) set = load(folder, 1);
  g_assert_cmpint(sample_part_size(&set->train), ==, 30);
  g_assert_cmpint(sample_part_size(&set->validation), ==, 0);
  g_assert_cmpint(sample_part_size(&set->test), ==, 6);
  g_assert_cmpint(set->n_classes, ==, 3);
  g_assert_cmpstr(set->classes[2], ==, "2");
  g_assert_cmpstr(set->name, ==, folder);
  g_assert_cmpuint(strlen(set->drawn_sha256), ==, 64);
  for (int i = 0; i < 30; i++) {
    const Picture *p = picture(&set->train, i);
    g_assert_true(p->width == 3 && p->height == 2 && p->channels == 1);
    g_assert_cmpint(p->pixels[5], ==, 6 * i + 5);
    g_assert_cmpint(label(&set->train, i), ==, i % 3);
  }
}

/* Without a test part one in ten of each class goes there, by the seed; nothing is lost or twice. */
static void test_split(void) {
  g_autoptr(TemporaryFolder) folder = folder_new();
  write_idx(folder, "train", 42, false);
  g_autoptr(SampleSet) first = load(folder, 1), again = load(folder, 1), other = load(folder, 2);
  const SampleSet *const sets[3] = {first, again, other};
  bool equal[3] = {true, true, true};
  for (int k = 0; k < 3; k++) {
    int seen[42] = {0}, of_class[3] = {0};
    g_assert_cmpint(sample_part_size(&sets[k]->train), ==, 39);
    g_assert_cmpint(sample_part_size(&sets[k]->test), ==, 3);
    for (int i = 0; i < 42; i++) {
      const SamplePart *part = i < 39 ? &sets[k]->train : &sets[k]->test;
      int at = i < 39 ? i : i - 39, which = picture(part, at)->pixels[0] / 6;
      g_assert_cmpint(label(part, at), ==, which % 3);
      seen[which]++;
      of_class[which % 3] += i >= 39;
      equal[k] &= which == picture(i < 39 ? &sets[0]->train : &sets[0]->test, at)->pixels[0] / 6;
    }
    for (int i = 0; i < 42; i++)
      g_assert_cmpint(seen[i], ==, 1);
    for (int i = 0; i < 3; i++)
      g_assert_cmpint(of_class[i], ==, 1);
  }
  g_assert_true(equal[1] && !equal[2]);
}

/* Resident memory now, in MiB. */
static int memory(void) {
  g_autofree char *text = NULL;
  g_assert_true(g_file_get_contents("/proc/self/statm", &text, NULL, NULL));
  return (int)(g_ascii_strtoull(strchr(text, ' '), NULL, 10) * (guint64)sysconf(_SC_PAGESIZE) >> 20);
}

/* Each row writes four bytes over a good pair of 30 pictures, or cuts or lengthens a file. */
static void test_idx_lies(void) {
  static const struct {
    const char *file;
    int offset; /* of `number`; -1: none */
    guint32 number;
    int longer; /* bytes added or taken away */
    const char *part;
  } lies[] = {{IMAGES, 0, 0x801, 0, "begins with 0x00000801"},
              {IMAGES, 0, 0x1f8b0800, 0, "cannot unpack"},
              {IMAGES, 4, 31, 0, "its header says 186"},
              {IMAGES, 4, 29, 0, "goes on after the 174 bytes"},
              {IMAGES, 4, 0, 0, "goes on after the 0 bytes"},
              {IMAGES, 4, 20000000, 0, "holds 180 bytes of data"},
              {IMAGES, 4, 0xffffffff, 0, "more than 1536 MiB"},
              {IMAGES, 8, 0, 0, "3 x 0"},
              {IMAGES, 8, 0xffffffff, 0, "3 x 4294967295"},
              {IMAGES, 12, 0x10000, 0, "its header says 3932160"},
              {IMAGES, 12, 0x1000000, 0, "its header says 1006632960"},
              {IMAGES, 12, 0x1c00000, 0, "more than 1536 MiB"},
              {IMAGES, -1, 0, -1, "holds 179 bytes of data"},
              {IMAGES, -1, 0, 1, "goes on after the 180 bytes"},
              {IMAGES, -1, 0, -185, "ends inside its IDX header"},
              {IMAGES, -1, 0, -196, "ends inside its IDX header"},
              {LABELS, 0, 0x803, 0, "begins with 0x00000803"},
              {LABELS, 4, 31, 0, "31 labels for 30 pictures"},
              {LABELS, -1, 0, -1, "holds 29 bytes of data"},
              {LABELS, -1, 0, 4, "goes on after the 30 bytes"}};
  int before = memory(), most = 0;
  for (guint k = 0; k < G_N_ELEMENTS(lies); k++) {
    g_autoptr(TemporaryFolder) folder = folder_new();
    g_autoptr(GByteArray) bytes = idx(lies[k].file == lies[0].file ? 0x803 : 0x801, 30, 3);
    write_idx(folder, "train", 30, false);
    if (lies[k].offset >= 0)
      memcpy(bytes->data + lies[k].offset, &(guint32){GUINT32_TO_BE(lies[k].number)}, 4);
    g_byte_array_set_size(bytes, (guint)((int)bytes->len + lies[k].longer));
    write_file(folder, lies[k].file, bytes->data, bytes->len);
    assert_refused(folder, lies[k].part);
    most = MAX(most, memory() - before);
  }
  g_assert_cmpint(most, <, 200);
}

static void test_idx_files(void) {
  g_autoptr(TemporaryFolder) folder = folder_new();
  write_idx(folder, "t10k", 30, false);
  assert_refused(folder, "no training samples");
  write_idx(folder, "train", 30, true);
  g_autoptr(GByteArray) bytes = idx(0x803, 30, 3);
  g_autofree char *path = g_build_filename(folder, IMAGES ".gz", NULL), *packed = NULL;
  gsize size = 0;
  g_assert_true(g_file_get_contents(path, &packed, &size, NULL));
  write_file(folder, IMAGES ".gz", packed, size - 12);
  assert_refused(folder, "ends early");
  packed[size - 6] ^= 1; /* the checksum */
  write_file(folder, IMAGES ".gz", packed, size);
  assert_refused(folder, "cannot unpack");
  g_assert_cmpint(g_remove(path), ==, 0);
  write_file(folder, IMAGES, bytes->data, bytes->len);
  g_autofree char *labels = g_build_filename(folder, LABELS ".gz", NULL);
  g_assert_cmpint(g_remove(labels), ==, 0);
  assert_refused(folder, LABELS ": No such file");
}

/* Records whose pixel (y, x) has red i, green y, blue x. */
static GByteArray *records(int n, int classes) {
  GByteArray *bytes = g_byte_array_new();
  for (int i = 0; i < n; i++) {
    g_byte_array_append(bytes, &(guint8){(guint8)(i % classes)}, 1);
    for (int p = 0; p < 3072; p++)
      g_byte_array_append(bytes, &(guint8){(guint8)(p < 1024 ? i : p < 2048 ? p % 1024 / 32 : p % 32)}, 1);
  }
  return bytes;
}

static void test_cifar(void) {
  g_autoptr(TemporaryFolder) folder = folder_new();
  g_autoptr(GByteArray) five = records(5, 2), three = records(3, 3), many = records(300, 256);
  write_file(folder, "data_batch_1.bin", five->data, five->len);
  write_packed(folder, "data_batch_2.bin.gz", three->data, three->len);
  write_packed(folder, "test_batch.bin.gz", three->data, three->len);
  write_file(folder, "other.bin", "?", 1);
  {
    g_autoptr(SampleSet) set = load(folder, 1);
    g_assert_cmpint(sample_part_size(&set->train), ==, 8);
    g_assert_cmpint(sample_part_size(&set->test), ==, 3);
    g_assert_cmpint(set->n_classes, ==, 3);
    g_assert_cmpstr(set->classes[2], ==, "2");
    g_assert_cmpint(label(&set->train, 7), ==, 2);
    const Picture *p = picture(&set->train, 4);
    g_assert_true(p->width == 32 && p->height == 32 && p->channels == 3);
    for (int i = 0; i < 1024; i++)
      g_assert_true(p->pixels[3 * i] == 4 && p->pixels[3 * i + 1] == i / 32 &&
                    p->pixels[3 * i + 2] == i % 32);
  }
  write_file(folder, "batches.meta.txt", "cat\r\ndog\n\nh\xe9ron\n\n", 17);
  {
    g_autoptr(SampleSet) set = load(folder, 1);
    g_assert_cmpint(set->n_classes, ==, 3);
    g_assert_cmpstr(set->classes[0], ==, "cat");
    g_assert_true(g_utf8_validate(set->classes[2], -1, NULL));
  }
  write_file(folder, "batches.meta.txt", "cat\ndog\n", 8);
  assert_refused(folder, "names 2 classes, but there are labels up to 2");
  write_file(folder, "batches.meta.txt", "", 0);
  assert_refused(folder, "names 0 classes");
  write_file(folder, "test_batch.bin", many->data, many->len - 1);
  assert_refused(folder, "not whole records");
  write_file(folder, "test_batch.bin", "", 0);
  assert_refused(folder, "not whole records");
  g_autoptr(TemporaryFolder) second = folder_new();
  write_packed(second, "train.bin.gz", many->data, many->len);
  {
    g_autoptr(SampleSet) set = load(second, 1);
    g_assert_cmpint(set->n_classes, ==, 256);
    /* 44 classes have two samples, one of which goes. */
    g_assert_cmpint(sample_part_size(&set->test), ==, 44);
  }
  write_file(second, "train.bin.gz", three->data, 3073);
  assert_refused(second, "one class only");
}

static void write_picture(const char *folder, const char *name, const char *type, int width, int height,
                          guint32 colour) {
  g_autoptr(GdkPixbuf) pixbuf = gdk_pixbuf_new(GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  gdk_pixbuf_fill(pixbuf, colour << 8);
  g_autofree char *bytes = NULL;
  gsize size = 0;
  g_assert_true(gdk_pixbuf_save_to_buffer(pixbuf, &bytes, &size, type, NULL, NULL));
  write_file(folder, name, bytes, size);
}

static void test_folders(void) {
  g_autoptr(TemporaryFolder) folder = folder_new();
  write_picture(folder, "train/pear/1.png", "png", 4, 3, 0xff0000);
  write_picture(folder, "train/pear/2.JPG", "jpeg", 5, 6, 0x808080);
  write_picture(folder, "train/apple/9.png", "png", 2, 2, 0x0000ff);
  write_picture(folder, "train/apple/3.png", "png", 1, 2, 0x00ff00);
  write_picture(folder, "test/pear/1.jpeg", "jpeg", 7, 3, 0xff0000);
  write_file(folder, "train/apple/notes.txt", "no", 2);
  write_file(folder, "train/.hidden/x.png", "no", 2);
  write_file(folder, "readme", "no", 2);
  {
    g_autoptr(SampleSet) set = load(folder, 1);
    g_assert_cmpint(set->n_classes, ==, 2);
    g_assert_cmpstr(set->classes[0], ==, "apple");
    g_assert_cmpstr(set->classes[1], ==, "pear");
    g_assert_cmpint(sample_part_size(&set->train), ==, 4);
    g_assert_cmpint(sample_part_size(&set->test), ==, 1);
    static const int expected[4][4] = {/* label, width, height, channels: the classes take turns */
                                       {0, 1, 2, 3},
                                       {1, 4, 3, 3},
                                       {0, 2, 2, 3},
                                       {1, 5, 6, 1}};
    for (int i = 0; i < 4; i++) {
      const Picture *p = picture(&set->train, i);
      g_assert_cmpint(label(&set->train, i), ==, expected[i][0]);
      g_assert_cmpint(p->width, ==, expected[i][1]);
      g_assert_cmpint(p->height, ==, expected[i][2]);
      g_assert_cmpint(p->channels, ==, expected[i][3]);
    }
    g_assert_cmpint(picture(&set->train, 0)->pixels[1], ==, 255);
    g_assert_cmpint(picture(&set->train, 1)->pixels[0], ==, 255);
    g_assert_cmpint(label(&set->test, 0), ==, 1);
  }
  write_picture(folder, "test/plum/1.png", "png", 7, 3, 0xff0000);
  assert_refused(folder, "there is no class for");
  write_file(folder, "train/pear/3.png", "\x89PNG\r\n\x1a\n", 8);
  assert_refused(folder, "3.png ends early");
  g_autofree char *broken = g_build_filename(folder, "train/pear/3.png", NULL);
  g_assert_cmpint(g_remove(broken), ==, 0);
  g_autofree char *empty = g_build_filename(folder, "train/quince", NULL);
  g_assert_cmpint(g_mkdir(empty, 0700), ==, 0);
  assert_refused(folder, "quince holds no PNG or JPEG file");
  g_assert_cmpint(g_chmod(empty, 0), ==, 0);
  if (access(empty, R_OK) != 0)
    assert_refused(folder, "cannot read the folder");
}

static void test_folders_split(void) {
  g_autoptr(TemporaryFolder) folder = folder_new();
  for (int i = 0; i < 40; i++) {
    g_autofree char *name = g_strdup_printf("%s/%02d.png", i % 2 ? "b" : "a", i);
    write_picture(folder, name, "png", 1 + i, 1, 0x102030);
  }
  g_autoptr(SampleSet) set = load(folder, 7);
  g_assert_cmpint(sample_part_size(&set->train), ==, 36);
  g_assert_cmpint(sample_part_size(&set->test), ==, 4);
  int balance = 0;
  for (int i = 0; i < 4; i++)
    balance += label(&set->test, i);
  g_assert_cmpint(balance, ==, 2);
}

/* What a run has seen is told from what lies there now. */
static void test_files_digest(void) {
  g_autoptr(TemporaryFolder) folder = folder_new();
  for (int i = 0; i < 12; i++) {
    g_autofree char *name = g_strdup_printf("%s/%02d.png", i % 2 ? "b" : "a", i);
    write_picture(folder, name, "png", 40, 30, 0x102030);
  }
  g_autoptr(SampleSet) first = load(folder, 7), again = load(folder, 7);
  g_assert_cmpstr(first->drawn_sha256, ==, again->drawn_sha256);
  write_picture(folder, "b/03.png", "png", 40, 30, 0x102031);
  g_autoptr(SampleSet) replaced = load(folder, 7);
  g_assert_cmpstr(replaced->drawn_sha256, !=, first->drawn_sha256);
  write_picture(folder, "b/03.png", "png", 40, 30, 0x102030);
  write_picture(folder, "b/99.png", "png", 40, 30, 0x102030);
  g_autoptr(SampleSet) more = load(folder, 7);
  g_assert_cmpstr(more->drawn_sha256, !=, first->drawn_sha256);
  g_autofree char *added = g_build_filename(folder, "b", "99.png", NULL), *b = g_build_filename(folder, "b", NULL),
                  *c = g_build_filename(folder, "c", NULL);
  g_assert_cmpint(g_unlink(added), ==, 0);
  g_autoptr(SampleSet) same = load(folder, 7);
  g_assert_cmpstr(same->drawn_sha256, ==, first->drawn_sha256);
  g_assert_cmpint(g_rename(b, c), ==, 0);
  g_autoptr(SampleSet) renamed = load(folder, 7);
  g_assert_cmpstr(renamed->drawn_sha256, !=, first->drawn_sha256);
}

static void test_paths(void) {
  g_autoptr(TemporaryFolder) folder = folder_new();
  assert_refused(folder, "it may hold train*-images-idx3-ubyte[.gz]");
  assert_refused(folder, "data_batch*.bin[.gz]");
  assert_refused(folder, "sub-folders of PNG or JPEG");
  g_autofree char *file = folder_write(folder, "file", "\377\0\1", 3);
  assert_refused(file, "is a file, but a data set is a folder");
  assert_refused("fashion-mnits", "did you mean fashion-mnist?");
  assert_refused("/nowhere/at/all", "no folder called /nowhere/at/all");
  assert_refused("", "there is no data set");
}

/* What may be taken is counted before it is taken, pictures of no size included. */
static void test_budget(void) {
  Budget budget = {BUDGET_BYTES};
  g_autoptr(GError) error = NULL;
  g_assert_true(budget_take(&budget, 1000, 1000, "x", &error));
  g_assert_cmpuint(budget.left, <, BUDGET_BYTES - 1000000);
  g_assert_false(budget_take(&budget, BUDGET_BYTES, 0, "x", NULL));
  g_assert_false(budget_take(&budget, G_MAXUINT64, G_MAXUINT64 / 2, "x", NULL));
  g_assert_false(budget_take(&budget, 2, BUDGET_BYTES / 2, "x", &error));
  g_assert_error(error, HOARFROST_ERROR, HOARFROST_ERROR_INPUT);
}

static const struct {
  const char *path; /* NULL in front: below the shared folder */
  int train, test, classes;
  const char *first_class, *last_class;
  int width, channels;
} real[] = {{"fashion-mnist", 60000, 10000, 10, "T-shirt/top", "Ankle boot", 28, 1},
            {"datasets/mnist", 60000, 10000, 10, "0", "9", 28, 1},
            {"datasets/cifar10", 4000, 2000, 10, "airplane", "truck", 32, 3},
            {"datasets/gtsrb", 4300, 2000, 43, "0", "42", 32, 3}};

static void test_real(gconstpointer data) {
  guint k = GPOINTER_TO_UINT(data);
  const char *shared = g_getenv("HOARFROST_SHARED");
  g_autofree char *path =
      k == 0 ? g_strdup(real[k].path)
             : g_build_filename(shared ? shared : SOURCE_ROOT "/../shared", real[k].path, NULL);
  g_autoptr(GPtrArray) missing = dataset_missing(&dataset_fashion_mnist);
  if (k == 0 ? missing->len > 0 : !g_file_test(path, G_FILE_TEST_IS_DIR)) {
    g_autofree char *sentence = g_strdup_printf("%s is absent", path);
    g_test_skip(sentence);
    return;
  }
  g_autoptr(SampleSet) set = load(path, 1);
  g_assert_cmpint(sample_part_size(&set->train), ==, real[k].train);
  g_assert_cmpint(sample_part_size(&set->test), ==, real[k].test);
  g_assert_cmpint(set->n_classes, ==, real[k].classes);
  g_assert_cmpstr(set->classes[0], ==, real[k].first_class);
  g_assert_cmpstr(set->classes[set->n_classes - 1], ==, real[k].last_class);
  g_assert_cmpint(picture(&set->train, 5)->width, ==, real[k].width);
  g_assert_cmpint(picture(&set->train, 5)->channels, ==, real[k].channels);
  if (k == 0) {
    /* The first training sample is an ankle boot; each class has 6000. */
    int of_class = 0;
    for (int i = 0; i < 60000; i++)
      of_class += label(&set->train, i) == 9;
    g_assert_cmpint(label(&set->train, 0), ==, 9);
    g_assert_cmpint(of_class, ==, 6000);
    g_assert_cmpstr(set->title, ==, "Fashion-MNIST");
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/datasets/idx", test_idx);
  g_test_add_func("/datasets/split", test_split);
  g_test_add_func("/datasets/idx-lies", test_idx_lies);
  g_test_add_func("/datasets/idx-files", test_idx_files);
  g_test_add_func("/datasets/cifar", test_cifar);
  g_test_add_func("/datasets/folders", test_folders);
  g_test_add_func("/datasets/folders-split", test_folders_split);
  g_test_add_func("/datasets/files-digest", test_files_digest);
  g_test_add_func("/datasets/paths", test_paths);
  g_test_add_func("/datasets/budget", test_budget);
  for (guint k = 0; k < G_N_ELEMENTS(real); k++) {
    g_autofree char *name = g_strdup_printf("/datasets/real/%s", real[k].path);
    g_test_add_data_func(name, GUINT_TO_POINTER(k), test_real);
  }
  return g_test_run();
}
