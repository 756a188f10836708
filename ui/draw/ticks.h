/* Round numbers for axes: 1, 2 or 5 times a power of ten. */
#pragma once

typedef struct {
  double first, step;
  int n;
  int digits; /* after the point */
} Ticks;

/* At most `most` (2 or more) round numbers within low..high. */
Ticks ticks_round(double low, double high, int most);
