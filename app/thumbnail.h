/* Small pictures for answers: at most ANSWER_EDGE a side, their proportions kept.  Any thread. */
#pragma once

#include "engine/manipulation.h"
#include "ui/answer.h"

HfThumbnail thumbnail_of_picture(const Picture *picture);
/* Of what f received (channels, height, width), whose normalisation is undone in place. */
HfThumbnail thumbnail_of_received(const Manipulation *like, float *received);
