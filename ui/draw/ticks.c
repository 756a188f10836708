#include "ui/draw/ticks.h"

#include <math.h>

Ticks ticks_round(double low, double high, int most) {
  static const double round_steps[] = {1, 2, 5, 10};
  Ticks ticks = {low, 1, 0, 0};
  if (!(high > low) || !isfinite(high - low) || most < 2)
    return ticks;
  double rough = (high - low) / most, power = pow(10, floor(log10(rough)));
  for (int i = 0; i < 4; i++) {
    ticks.step = round_steps[i] * power;
    ticks.first = ceil(low / ticks.step - 1e-9) * ticks.step;
    ticks.n = (int)floor((high - ticks.first) / ticks.step + 1e-9) + 1;
    if (ticks.n <= most)
      break;
  }
  ticks.digits = (int)fmax(0, -floor(log10(ticks.step) + 1e-9));
  return ticks;
}
