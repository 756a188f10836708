#include "ui/panes-layout.h"

#define GAP         8
#define MIN_PICTURE 150
#define MIN_PLOT    215
#define PLOT_HEIGHT 250  /* least */
#define MAX_LEAST   370  /* height that pictures ask for at most */
#define MAX_SHARE   0.52 /* of the height for the pictures */
#define MIN_WIDTH   320

struct _HfPanesLayout {
  GtkLayoutManager parent;
  int pictures;
};

G_DEFINE_FINAL_TYPE(HfPanesLayout, hf_panes_layout, GTK_TYPE_LAYOUT_MANAGER)

typedef struct {
  int n, columns, rows;
  int width, height; /* of a cell */
} Grid;

static int columns_for(int n, int width, int least) {
  int columns = n;
  while (columns > 1 && (width - (columns - 1) * GAP) / columns < least)
    columns = columns == n && n == 4 ? 2 : columns - 1;
  return columns;
}

static Grid grid_for(int n, int width, int least) {
  Grid grid = {.n = n, .columns = columns_for(n, width, least)};
  grid.rows = (n + grid.columns - 1) / MAX(grid.columns, 1);
  grid.width = (width - (grid.columns - 1) * GAP) / MAX(grid.columns, 1);
  return grid;
}

static int grid_height(const Grid *grid) {
  return grid->rows * grid->height + (grid->rows - 1) * GAP;
}

typedef struct {
  Grid pictures, plots;
  int probe;
  int square; /* height at which a picture fills its cell's width */
} Places;

static int count_children(GtkWidget *widget) {
  int n = 0;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child;
       child = gtk_widget_get_next_sibling(child))
    n++;
  return n;
}

static GtkWidget *child_at(GtkWidget *widget, int i) {
  GtkWidget *child = gtk_widget_get_first_child(widget);
  while (child && i-- > 0)
    child = gtk_widget_get_next_sibling(child);
  return child;
}

static int square_height(GtkWidget *widget, int width) {
  int natural;
  gtk_widget_measure(child_at(widget, 0), GTK_ORIENTATION_VERTICAL, width, NULL, &natural, NULL, NULL);
  return natural;
}

/* Everything at its least height for a width. */
static Places least_places(HfPanesLayout *self, GtkWidget *widget, int width) {
  int plots = count_children(widget) - self->pictures - 1;
  Places places = {grid_for(self->pictures, width, MIN_PICTURE), grid_for(plots, width, MIN_PLOT)};
  places.square = square_height(widget, places.pictures.width);
  places.pictures.height = MIN(places.square, MAX_LEAST);
  places.plots.height = PLOT_HEIGHT;
  gtk_widget_measure(child_at(widget, self->pictures), GTK_ORIENTATION_VERTICAL, width, NULL, &places.probe,
                     NULL, NULL);
  return places;
}

static int places_height(const Places *places) {
  return grid_height(&places->pictures) + places->probe + grid_height(&places->plots) + 2 * GAP;
}

static GtkSizeRequestMode hf_panes_layout_get_request_mode(GtkLayoutManager *manager, GtkWidget *widget) {
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void hf_panes_layout_measure(GtkLayoutManager *manager, GtkWidget *widget, GtkOrientation orientation,
                                    int for_size, int *minimum, int *natural, int *minimum_baseline,
                                    int *natural_baseline) {
  HfPanesLayout *self = HF_PANES_LAYOUT(manager);
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    gtk_widget_measure(child_at(widget, self->pictures), orientation, -1, minimum, NULL, NULL, NULL);
    *minimum = MAX(*minimum, MIN_WIDTH);
    *natural = 4 * 210;
    return;
  }
  Places places = least_places(self, widget, for_size > 0 ? for_size : 4 * 210);
  *minimum = *natural = places_height(&places);
}

static void allocate_grid(GtkWidget *widget, int first, const Grid *grid, int top, int width) {
  for (int i = 0; i < grid->n; i++) {
    int column = i % grid->columns, row = i / grid->columns;
    bool last = i == grid->n - 1;
    int x = column * (grid->width + GAP);
    GskTransform *place =
        gsk_transform_translate(NULL, &GRAPHENE_POINT_INIT(x, top + row * (grid->height + GAP)));
    /* The last one takes what is left of its row. */
    gtk_widget_allocate(child_at(widget, first + i), last ? width - x : grid->width, grid->height, -1, place);
  }
}

static void hf_panes_layout_allocate(GtkLayoutManager *manager, GtkWidget *widget, int width, int height,
                                     int baseline) {
  HfPanesLayout *self = HF_PANES_LAYOUT(manager);
  Places places = least_places(self, widget, width);
  int spare = height - places_height(&places);
  if (spare > 0) {
    int most = MIN(places.square, (int)(MAX_SHARE * height) / places.pictures.rows);
    int grown = CLAMP(places.pictures.height + spare / places.pictures.rows / 2, places.pictures.height,
                      MAX(most, places.pictures.height));
    places.pictures.height = grown;
    places.plots.height += (height - places_height(&places)) / places.plots.rows;
  }
  allocate_grid(widget, 0, &places.pictures, 0, width);
  int y = grid_height(&places.pictures) + GAP;
  gtk_widget_allocate(child_at(widget, self->pictures), width, places.probe, -1,
                      gsk_transform_translate(NULL, &GRAPHENE_POINT_INIT(0, y)));
  y += places.probe + GAP;
  allocate_grid(widget, self->pictures + 1, &places.plots, y, width);
}

static void hf_panes_layout_class_init(HfPanesLayoutClass *class) {
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS(class);
  layout_class->get_request_mode = hf_panes_layout_get_request_mode;
  layout_class->measure = hf_panes_layout_measure;
  layout_class->allocate = hf_panes_layout_allocate;
}

static void hf_panes_layout_init(HfPanesLayout *self) {
  self->pictures = 4;
}

GtkLayoutManager *hf_panes_layout_new(int pictures) {
  HfPanesLayout *self = g_object_new(HF_TYPE_PANES_LAYOUT, NULL);
  self->pictures = pictures;
  return GTK_LAYOUT_MANAGER(self);
}
