/* JSON as a tree; enough for the vectors. */
#ifndef JSON_H
#define JSON_H

struct json {
    char type;    /* '{', '[', '"', or 'w' for numbers and words */
    char *name;   /* in an object */
    char *text;   /* of texts and words */
    struct json *child, *next;
};

/* Memory is never given back. */
struct json *json_parse(const char *text);
/* A field, or NULL. */
struct json *json_get(const struct json *object, const char *name);
/* The text of a field, or NULL. */
const char *json_text(const struct json *object, const char *name);
int json_count(const struct json *list);

#endif
