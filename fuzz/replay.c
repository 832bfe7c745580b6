/* Runs one target over files and folders: replay_json fuzz/corpus/json fuzz/crashes/json */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "must.h"

static unsigned long inputs;

static void
one_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct stat st;
	uint8_t *data;

	if (f == NULL || fstat(fileno(f), &st) < 0) {
		perror(path);
		exit(2);
	}
	/* exactly as large as the input, so that the sanitizer sees a read beyond it */
	data = malloc((size_t)st.st_size + (st.st_size == 0));
	if (data == NULL || fread(data, 1, (size_t)st.st_size, f) != (size_t)st.st_size) {
		perror(path);
		exit(2);
	}
	fclose(f);
	LLVMFuzzerTestOneInput(data, (size_t)st.st_size);
	free(data);
	inputs++;
}

static void
one_folder(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *e;
	char name[4096];

	if (d == NULL) {
		perror(path);
		exit(2);
	}
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, e->d_name);
		one_file(name);
	}
	closedir(d);
}

int
main(int argc, char **argv)
{
	struct stat st;

	for (int i = 1; i < argc; i++) {
		if (stat(argv[i], &st) < 0)
			continue; /* a target without past crashes has no folder of them */
		if (S_ISDIR(st.st_mode))
			one_folder(argv[i]);
		else
			one_file(argv[i]);
	}
	printf("%lu inputs\n", inputs);
	return inputs > 0 ? 0 : 1;
}
