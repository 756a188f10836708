/* The members of a run's result, as `run --json`, `runs show` and bundles have them. */
#pragma once

#include "app/json-line.h"
#include "engine/run.h"

void json_result(JsonLine *json, const RunResult *result);
