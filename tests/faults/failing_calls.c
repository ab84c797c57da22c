/* Copyright (c) 2026, the nodetcp.paws authors
 * GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For LD_PRELOAD: one chosen call of a process fails. fail_at(side, number, error) chooses the call with this number on
 * the side that writes (0) or reads (1); an error of 0 cuts a write or a read short. fail_count() is how many there were
 * since, and ends it.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static int side_of_fault = -1, number_of_fault, error_of_fault, seen;

void fail_at(int side, int number, int error)
{
    number_of_fault = number;
    error_of_fault = error;
    seen = 0;
    side_of_fault = side;
}

int fail_count(void)
{
    side_of_fault = -1;
    return seen;
}

/* Whether this call is the one. */
static int due(int side)
{
    return side == side_of_fault && ++seen == number_of_fault;
}

/* Whether it fails; one that is to be cut short and cannot be goes on. */
static int fails(int side)
{
    if (!due(side) || !error_of_fault)
        return 0;
    errno = error_of_fault;
    return 1;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define WRAP(side, type, failure, name, parameters, arguments) \
    type name parameters { return fails(side) ? failure : NEXT(name) arguments; }

#define OPEN(name) \
    int name(const char *path, int flags, ...) \
    { \
        va_list more; \
        va_start(more, flags); \
        mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0; \
        va_end(more); \
        return fails((flags & O_ACCMODE) == O_RDONLY) ? -1 : NEXT(name)(path, flags, mode); \
    }
OPEN(open)
OPEN(open64)

ssize_t write(int fd, const void *data, size_t count)
{
    if (due(0)) {
        if (error_of_fault) {
            errno = error_of_fault;
            return -1;
        }
        count = count > 1 ? count / 2 : count;
    }
    return NEXT(write)(fd, data, count);
}

ssize_t read(int fd, void *data, size_t count)
{
    if (due(1)) {
        if (error_of_fault) {
            errno = error_of_fault;
            return -1;
        }
        count = count > 1 ? count / 2 : count;
    }
    return NEXT(read)(fd, data, count);
}

WRAP(0, int, -1, fsync, (int fd), (fd))
WRAP(0, int, -1, rename, (const char *from, const char *to), (from, to))
WRAP(0, int, -1, unlink, (const char *path), (path))
WRAP(0, int, -1, mkdir, (const char *path, mode_t mode), (path, mode))
WRAP(0, int, -1, rmdir, (const char *path), (path))
WRAP(0, int, -1, fchmod, (int fd, mode_t mode), (fd, mode))
WRAP(0, int, -1, fchown, (int fd, uid_t user, gid_t group), (fd, user, group))
WRAP(0, int, -1, ftruncate, (int fd, off_t length), (fd, length))
WRAP(0, int, -1, ftruncate64, (int fd, off64_t length), (fd, length))
WRAP(1, int, -1, stat, (const char *path, struct stat *found), (path, found))
WRAP(1, int, -1, stat64, (const char *path, struct stat64 *found), (path, found))
WRAP(1, int, -1, lstat, (const char *path, struct stat *found), (path, found))
WRAP(1, int, -1, lstat64, (const char *path, struct stat64 *found), (path, found))
WRAP(1, int, -1, fstat, (int fd, struct stat *found), (fd, found))
WRAP(1, int, -1, fstat64, (int fd, struct stat64 *found), (fd, found))
WRAP(1, ssize_t, -1, readlink, (const char *path, char *data, size_t size), (path, data, size))
WRAP(1, DIR *, NULL, opendir, (const char *path), (path))
WRAP(1, ssize_t, -1, flistxattr, (int fd, char *list, size_t size), (fd, list, size))
WRAP(1, ssize_t, -1, fgetxattr, (int fd, const char *name, void *value, size_t size), (fd, name, value, size))
