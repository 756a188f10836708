#include "app/result-json.h"

void json_result(JsonLine *json, const RunResult *result) {
  json_integer(json, "steps", result->steps);
  json_number(json, "seconds", result->seconds);
  json_number(json, "images_per_second", result->images_per_second);
  json_number(json, "best_test_accuracy", result->best_test_accuracy);
  json_number(json, "last_test_accuracy", result->last_test_accuracy);
  json_number(json, "max_test_accuracy", result->max_test_accuracy);
  json_number(json, "best_validation_accuracy", result->best_validation_accuracy);
  json_number(json, "no_prompt_test_accuracy", result->no_prompt_test_accuracy);
  json_number(json, "no_prompt_full_size_test_accuracy", result->no_prompt_full_size_test_accuracy);
  json_number(json, "last_test_loss", result->last_test_loss);
  json_number(json, "no_prompt_test_loss", result->no_prompt_test_loss);
  json_number(json, "no_prompt_full_size_test_loss", result->no_prompt_full_size_test_loss);
  json_integer(json, "trainable_parameters", result->trainable_parameters);
  json_integer(json, "frozen_parameters", result->frozen_parameters);
  json_text(json, "model_sha256", result->model_sha256);
  json_text(json, "weights_digest_before", result->weights_digest_before);
  json_text(json, "weights_digest_after", result->weights_digest_after);
  json_text(json, "pattern_sha256", result->pattern_sha256);
  json_number(json, "pattern_norm", result->pattern_norm);
}
