#include "ui/help.h"

#include "engine/taxonomy.h"
#include "ui/formula-markup.h"

#include <glib/gi18n.h>

typedef struct {
  const char *title, *text;
} HelpRow;

static const HelpRow idea[] = {
    {"ŷ = O( f( I(x) ) )",
     N_("A frozen network f gets a new task. I changes what f sees, O how its answers are read. f itself "
        "stays as it is: "
        "its weights are digested before and after each run, and the digests are compared.")},
    {N_("Choose"),
     N_("A frozen model, a task and, on each of four axes, how the pattern comes about. What is impossible "
        "says why, and offers the nearest choices that are possible. A preset is a paper’s choice.")},
    {N_("Run"),
     N_("Press Run (Ctrl+R). The pattern, the answers, the label map and the curves follow while it trains. "
        "Stop keeps what there is; every run is kept and can be replayed.")},
    {N_("Look back"),
     N_("The bar at the bottom goes through the stored steps: drag it, or press [ and ]. All panes show "
        "the same step.")},
    {N_("Baselines"),
     N_("“No prompt” is f without a pattern, with the label map that suits it best, at the picture size that "
        "the prompt "
        "leaves; “full size” gives it the whole input. A prompt is worth what it adds to them. Both are "
        "measured on the test part, the curves on the validation part.")},
    {NULL},
};

static const HelpRow panes[] = {
    {N_("Sample x"),
     N_("A picture of the test part as it enters f’s input. N: the next one, M: the next one that is "
        "answered wrongly.")},
    {N_("Pattern δ"),
     N_("What is trained, amplified around its neutral value. The plate says by how much, and which share "
        "of the numbers falls outside of what can be shown. A keeps the factor, D shows the sign.")},
    {N_("Pattern δ inside f"),
     N_("What is put in at a site inside f, blue below zero, orange above. Tokens are rows, with the word or "
        "patch that points most nearly the same way, its cosine, and the cosine to the token’s own start. "
        "Channels are tiles. The arrows go from site to site.")},
    {N_("What f sees"), N_("I(x, c): sample and pattern together, as f receives them.")},
    {N_("Difference"),
     N_("What f sees less the sample (and less the grey of an empty border): blue is darker, orange "
        "lighter, the mean of the channels.")},
    {N_("Magnify and read"),
     N_("All pictures are one: the wheel or + and − magnify them together, dragging moves them, 0 "
        "shows the whole. The line below reads the pixel that is pointed at; the arrow keys move "
        "it.")},
    {N_("Confidence"),
     N_("How likely each class is. ✓ is the true class, ✗ the answer where it is another one. The grey "
        "bar is f without the pattern, with its own label map. Below: what f itself would say.")},
    {N_("Label map ω"), N_("Which of f’s classes stands for which class of the task: outlined. The darker a "
                           "cell, the more often f "
                           "gave that answer when the map was counted; without counts, the more it weighs. A "
                           "switch is a class of the task that "
                           "came to be read from another one.")},
    {N_("Curves"),
     N_("Accuracy in percent, and mean cross entropy (nats). Bold: validation; faint: batches, smoothed; "
        "dashed: the baselines, on the test part. Click to go to a step.")},
    {N_("The strip above"),
     N_("The path of a sample. Frosted: frozen. Orange: where the pattern enters. Press a stage for "
        "its shapes, operators and counts.")},
    {N_("You are here"),
     N_("The 72 cells of the taxonomy: rows are formats and locations, columns operators and "
        "alignments. Press a cell to go there.")},
    {NULL},
};

/* How to come by a file; code is not translated. */
static const HelpRow export_rows[] = {
    {"torchvision", "from torch import onnx, zeros; from torchvision.models import resnet18\n"
                    "net, x = resnet18(weights=\"DEFAULT\").eval(), zeros(1, 3, 224, 224)\n"
                    "onnx.export(net, x, \"net.onnx\", input_names=[\"x\"], dynamic_axes={\"x\": [0]})"},
    {"timm", "import timm; from torch import onnx, zeros; x = zeros(1, 3, 224, 224)\n"
             "net = timm.create_model(\"vit_tiny_patch16_224\", True, exportable=True).eval()\n"
             "onnx.export(net, x, \"net.onnx\", input_names=[\"x\"], dynamic_axes={\"x\": [0]})"},
    {"Hugging Face", "pip install optimum[exporters]\n"
                     "optimum-cli export onnx --model google/vit-base-patch16-224 --opset 16 vit/\n"
                     "hoarfrost vit/model.onnx    # the config files beside it are read too"},
    {NULL},
};

static const HelpRow own_models[] = {
    {N_("Open it"), N_("“Open a Model File…” below the frozen models, a drop on the window, or hoarfrost "
                       "FILE.onnx. What the "
                       "file does not say is asked once, with guesses, and kept for this file.")},
    {N_("Change what was said"),
     N_("The pencil beside a model of yours in the list. The other button takes it off the list; the file "
        "stays, and so do the answers.")},
    {N_("What it can be"),
     N_("Operator sets 1 to 22, float32 or float16 weights, also in files beside it. hoarfrost inspect "
        "FILE.onnx lists its operators, and those that are missing.")},
    {NULL},
};

static void add_row(AdwPreferencesGroup *group, const char *title, const char *text, const char *formula) {
  GtkWidget *row = adw_action_row_new();
  g_autofree char *escaped_title = g_markup_escape_text(title, -1), *escaped = g_markup_escape_text(text, -1);
  g_autofree char *drawn = formula ? formula_markup(formula) : NULL;
  g_autofree char *subtitle = g_strjoin("\n", escaped, drawn, NULL);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), escaped_title);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(row), subtitle);
  adw_action_row_set_title_lines(ADW_ACTION_ROW(row), 0);
  adw_action_row_set_subtitle_lines(ADW_ACTION_ROW(row), 0);
  adw_preferences_group_add(group, row);
}

static AdwPreferencesPage *add_page(AdwPreferencesWindow *window, const char *title, const char *icon) {
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE(adw_preferences_page_new());
  adw_preferences_page_set_title(page, title);
  adw_preferences_page_set_icon_name(page, icon);
  adw_preferences_window_add(window, page);
  return page;
}

static AdwPreferencesGroup *add_group(AdwPreferencesPage *page, const char *title, const char *description) {
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
  adw_preferences_group_set_title(group, title);
  adw_preferences_group_set_description(group, description);
  adw_preferences_page_add(page, group);
  return group;
}

/* Lines of code, to be copied. */
static void add_code(AdwPreferencesGroup *group, const HelpRow *row) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4), *title = gtk_label_new(row->title);
  GtkWidget *code = gtk_label_new(row->text);
  gtk_label_set_xalign(GTK_LABEL(title), 0);
  gtk_label_set_xalign(GTK_LABEL(code), 0);
  gtk_label_set_selectable(GTK_LABEL(code), TRUE);
  GtkWidget *scroller = gtk_scrolled_window_new(); /* a line of code is never wrapped */
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_AUTOMATIC, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), code);
  gtk_widget_add_css_class(title, "hf-title");
  gtk_widget_add_css_class(code, "monospace");
  gtk_widget_add_css_class(code, "hf-code");
  gtk_widget_add_css_class(box, "hf-card");
  gtk_box_append(GTK_BOX(box), title);
  gtk_box_append(GTK_BOX(box), scroller);
  GtkWidget *line = adw_preferences_row_new();
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(line), row->title);
  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(line), box);
  gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(line), FALSE);
  gtk_widget_set_focusable(line, FALSE);
  adw_preferences_group_add(group, line);
}

static void add_rows(AdwPreferencesGroup *group, const HelpRow *rows) {
  for (; rows->title; rows++)
    add_row(group, _(rows->title), _(rows->text), NULL);
}

/* One group an axis, from the table that decides everything else too. */
static void add_axes(AdwPreferencesPage *page) {
  for (int i = 0; i < N_AXES; i++) {
    const Axis *axis = &taxonomy_axes[i];
    g_autofree char *title = g_strdup_printf("%s  %s", axis->title, axis->symbol);
    AdwPreferencesGroup *group = add_group(page, title, axis->question);
    for (int k = 0; k < axis->n_values; k++)
      add_row(group, axis->values[k].title, axis->values[k].help, axis->values[k].formula);
  }
}

GtkWidget *hf_help_new(GtkWindow *parent) {
  AdwPreferencesWindow *window =
      g_object_new(ADW_TYPE_PREFERENCES_WINDOW, "title", _("Help"), "transient-for", parent, "modal", FALSE,
                   "destroy-with-parent", TRUE, "default-width", 680, "default-height", 620, NULL);
  add_rows(add_group(add_page(window, _("The idea"), "help-about-symbolic"), _("Model reprogramming"), NULL),
           idea);
  add_axes(add_page(window, _("Axes"), "view-list-symbolic"));
  add_rows(add_group(add_page(window, _("What is shown"), "view-grid-symbolic"), _("Panes"),
                     _("All of them show one moment: the step in the bar at the bottom.")),
           panes);
  AdwPreferencesPage *own = add_page(window, _("Your models"), "document-open-symbolic");
  add_rows(add_group(own, _("A model of your own"), NULL), own_models);
  AdwPreferencesGroup *code =
      add_group(own, _("How to export one"), _("Three lines each, in Python or a shell."));
  for (const HelpRow *row = export_rows; row->title; row++)
    add_code(code, row);
  return GTK_WIDGET(window);
}
