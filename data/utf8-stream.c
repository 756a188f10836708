#include "data/utf8-stream.h"

#define REPLACEMENT 0xFFFD

void utf8_stream(GString *bytes, bool end, GString *text) {
  gsize at = 0;
  while (at < bytes->len) {
    /* GLib takes a zero byte for the end of the text. */
    gunichar character =
        bytes->str[at] ? g_utf8_get_char_validated(bytes->str + at, (gssize)(bytes->len - at)) : (gunichar)-1;
    bool begun = character == (gunichar)-2;
    if (begun && !end)
      break;
    bool valid = !begun && character != (gunichar)-1;
    g_string_append_unichar(text, valid ? character : REPLACEMENT);
    at += valid ? (gsize)g_unichar_to_utf8(character, NULL) : 1;
  }
  g_string_erase(bytes, 0, (gssize)at);
}
