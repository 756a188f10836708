#include "app/apply-page-private.h"
#include "app/file-drop.h"

#include "app/recorded-example.h"
#include "data/picture-file.h"

#include <glib/gi18n.h>

static void free_input(gpointer input) {
  apply_input_free(input);
}

static int answered(const ApplyPage *self) {
  return (int)g_list_model_get_n_items(G_LIST_MODEL(hf_apply_view_get_answers(self->view)));
}

static void say(ApplyPage *self, const char *sentence, bool failure) {
  hf_window_tell(self->window, sentence, failure);
}

static void show_run(ApplyPage *self) {
  g_autofree char *title = NULL, *line = NULL;
  if (self->run_id)
    apply_runs_words(self->controller, self->run_id, &title, &line);
  self->texts = apply_runs_reads_texts(self->controller, self->run_id);
  hf_apply_view_set_run(self->view, title, line, self->texts);
}

void apply_page_update(ApplyPage *self) {
  hf_apply_view_set_progress(self->view, answered(self), self->total);
  apply_actions_update(self);
}

/* The first answer of an order that failed as a whole is not waited for any more. */
static void on_news(const ApplyNews *news, gpointer data) {
  ApplyPage *self = data;
  self->total += news->found;
  if (news->answers) {
    GListStore *store = hf_apply_view_get_answers(self->view);
    g_list_store_splice(store, (guint)answered(self), 0, news->answers->pdata, news->answers->len);
  }
  if (news->warning || news->error)
    say(self, news->error ? news->error : news->warning, news->error != NULL);
  if (news->ended && --self->orders == 0)
    self->total = answered(self);
  apply_page_update(self);
}

static void order(ApplyPage *self, GPtrArray *inputs) {
  g_autoptr(GPtrArray) copies = g_ptr_array_new_with_free_func(free_input);
  for (guint i = 0; i < inputs->len; i++) {
    const ApplyInput *input = g_ptr_array_index(inputs, i);
    g_ptr_array_add(copies, apply_input_new(input->name, input->file));
  }
  self->total += (int)inputs->len;
  self->orders++;
  apply_worker_order(self->worker, self->run_id, g_steal_pointer(&copies));
}

static void forget_answers(ApplyPage *self) {
  apply_worker_drop(self->worker);
  g_list_store_remove_all(hf_apply_view_get_answers(self->view));
  self->total = self->orders = 0;
}

void apply_page_set_run(ApplyPage *self, const char *run_id) {
  if (run_id != self->run_id) {
    g_free(self->run_id);
    self->run_id = g_strdup(run_id);
  }
  show_run(self);
  forget_answers(self);
  if (self->inputs->len && !self->texts)
    order(self, self->inputs);
  apply_page_update(self);
}

void apply_page_clear(ApplyPage *self) {
  forget_answers(self);
  g_ptr_array_set_size(self->inputs, 0);
  apply_page_update(self);
}

void apply_page_add(ApplyPage *self, GPtrArray *inputs) {
  g_autoptr(GPtrArray) own = inputs;
  hf_window_show_page(self->window, "apply");
  if (!self->run_id && (self->run_id = apply_runs_usual(self->controller)))
    show_run(self);
  if (!self->run_id && recorded_example_is_possible()) {
    /* Its coming is told by "runs-changed". */
    g_ptr_array_extend_and_steal(self->inputs, g_steal_pointer(&own));
    say(self, _("No prompt is trained yet: the recorded run answers."), false);
    g_action_group_activate_action(G_ACTION_GROUP(self->window), "recorded-run", NULL);
    return;
  }
  if (!self->run_id) {
    say(self,
        _("There is no trained prompt yet: press Run, or open a stored run, then give the pictures again."),
        true);
    return;
  }
  if (self->texts) {
    say(self, _("This run reads texts, and Apply takes pictures: choose another run."), true);
    return;
  }
  if (own->len)
    order(self, own);
  g_ptr_array_extend_and_steal(self->inputs, g_steal_pointer(&own));
  apply_page_update(self);
}

void apply_page_add_files(ApplyPage *self, char *const *paths, int n) {
  GPtrArray *inputs = g_ptr_array_new_with_free_func(free_input);
  for (int i = 0; i < n; i++) {
    bool opens = g_str_has_suffix(paths[i], ".ini") || g_str_has_suffix(paths[i], ".hoarfrost");
    if (opens)
      g_action_group_activate_action(G_ACTION_GROUP(self->window), "open-file",
                                     g_variant_new_bytestring(paths[i]));
    else
      g_ptr_array_add(inputs, apply_input_new(paths[i], NULL));
  }
  if (inputs->len)
    apply_page_add(self, inputs);
  else
    g_ptr_array_unref(inputs);
}

void apply_page_add_texture(ApplyPage *self, GdkTexture *texture) {
  if ((gint64)gdk_texture_get_width(texture) * gdk_texture_get_height(texture) > PICTURE_MOST_PIXELS) {
    say(self, _("The picture has more than 64 million pixels; make it smaller."), true);
    return;
  }
  g_autoptr(GBytes) file = gdk_texture_save_to_png_bytes(texture);
  g_autofree char *name = g_strdup_printf(_("picture %d"), ++self->pasted);
  GPtrArray *inputs = g_ptr_array_new_with_free_func(free_input);
  g_ptr_array_add(inputs, apply_input_new(name, file));
  apply_page_add(self, inputs);
}

/* The page comes onto the screen: it says at once what it would apply. */
static void on_map(ApplyPage *self) {
  if (!self->run_id && (self->run_id = apply_runs_usual(self->controller))) {
    show_run(self);
    apply_page_update(self);
  }
}

static void on_runs_wanted(ApplyPage *self) {
  g_autoptr(GMenuModel) menu = apply_runs_menu(self->controller);
  hf_apply_view_set_runs(self->view, menu);
}

static void on_files(ApplyPage *self, GPtrArray *paths) {
  file_drop_take(self->window, paths);
  if (paths->len == 0)
    return;
  apply_page_add_files(self, (char *const *)paths->pdata, (int)paths->len);
}

static void on_texture(ApplyPage *self, GdkTexture *texture) {
  apply_page_add_texture(self, texture);
}

/* Another name, another result; or the first run, which pictures wait for. */
static void on_runs_changed(ApplyPage *self) {
  if (self->run_id)
    show_run(self);
  else if (self->inputs->len && (self->run_id = apply_runs_usual(self->controller)))
    apply_page_set_run(self, self->run_id);
}

ApplyPage *apply_page_new(HfWindow *window, HfController *controller) {
  ApplyPage *self = g_new0(ApplyPage, 1);
  *self = (ApplyPage){.window = window, .controller = controller, .cancellable = g_cancellable_new()};
  self->inputs = g_ptr_array_new_with_free_func(free_input);
  self->worker = apply_worker_new(run_store_path(hf_controller_store(controller)), on_news, self);
  self->view = HF_APPLY_VIEW(g_object_ref_sink(hf_apply_view_new()));
  hf_window_add_page(window, "apply", _("Apply"), "image-x-generic-symbolic", GTK_WIDGET(self->view));
  hf_apply_view_watch_drops(self->view, GTK_WIDGET(window));
  g_signal_connect_swapped(self->view, "map", G_CALLBACK(on_map), self);
  g_signal_connect_swapped(self->view, "runs-wanted", G_CALLBACK(on_runs_wanted), self);
  g_signal_connect_swapped(self->view, "files", G_CALLBACK(on_files), self);
  g_signal_connect_swapped(self->view, "texture", G_CALLBACK(on_texture), self);
  g_signal_connect_swapped(controller, "state-changed", G_CALLBACK(apply_actions_update), self);
  g_signal_connect_swapped(controller, "snapshot", G_CALLBACK(apply_actions_update), self);
  g_signal_connect_swapped(controller, "runs-changed", G_CALLBACK(on_runs_changed), self);
  apply_actions_add(self);
  apply_page_update(self);
  return self;
}

void apply_page_free(ApplyPage *self) {
  g_cancellable_cancel(self->cancellable);
  g_object_unref(self->cancellable);
  g_signal_handlers_disconnect_by_data(self->controller, self);
  g_signal_handlers_disconnect_by_data(self->view, self);
  apply_worker_free(self->worker);
  apply_actions_remove(self);
  g_object_unref(self->view);
  g_ptr_array_unref(self->inputs);
  g_free(self->run_id);
  g_free(self);
}
