/* The small pictures of the runs whose rows are realised: read from the store in threads, as they are wanted,
 * and kept for a while after.  Main thread only. */
#pragma once

#include "ui/run-item.h"
#include <stdbool.h>

typedef struct _RunPictures RunPictures;

RunPictures *run_pictures_new(const char *store_path);
void run_pictures_free(RunPictures *pictures);
/* A row with this run is there, or is there no longer. */
void run_pictures_shown(RunPictures *pictures, HfRunItem *item, bool shown);
