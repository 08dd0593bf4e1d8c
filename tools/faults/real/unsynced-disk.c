/*
 * A disk that forgets what was not synced, as a layer under one process: `cc -shared -fPIC`, then LD_PRELOAD. Test only.
 *
 * Before a file of FAULTS_DATA is changed, what the change overwrites is kept in FAULTS_UNDO/<inode>; a sync of the file throws that away. After a kill
 * whoever applies what is left, last first, has the disk as a power cut may leave it. Files in FAULTS_CONTROL change what happens:
 * fsync-fails (EIO), fsync-ignored (says yes and keeps nothing), disk-full (ENOSPC for every write that would make a file longer).
 * Names are taken to be durable at once, and shared memory (-shm) is no disk.
 *
 * Node's handler of signals writes to a pipe, in whatever thread and place the signal finds: for a file that is not ours `write` takes no lock, resolves no
 * name, and asks the kernel for the state of the file. The fstat of libfaketime, which lies below, holds a semaphore, so a signal in the middle of one write
 * would wait in the next for what its own thread holds: the signal was never heard, and nothing of that thread either.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(result, name, ...)                                   \
  static result (*real_##name)(__VA_ARGS__);                      \
  if (real_##name == NULL) real_##name = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

static int state_of(int fd, struct stat *about) { return (int)syscall(SYS_fstat, fd, about); }

static ssize_t write_fully(int fd, const void *data, size_t length, off_t offset) {
  REAL(ssize_t, pwrite64, int, const void *, size_t, off_t);
  return real_pwrite64(fd, data, length, offset);
}

static int has(const char *flag) {
  char path[4096];
  const char *folder = getenv("FAULTS_CONTROL");
  if (folder == NULL) return 0;
  snprintf(path, sizeof path, "%s/%s", folder, flag);
  return access(path, F_OK) == 0;
}

/* Whether the file is one of ours; its size and the path of its undo file. */
static int is_ours(int fd, struct stat *about, char *undo, size_t undo_size) {
  char link[64], path[4096];
  const char *data = getenv("FAULTS_DATA"), *folder = getenv("FAULTS_UNDO");
  if (data == NULL || folder == NULL || state_of(fd, about) != 0 || !S_ISREG(about->st_mode)) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  if (strncmp(path, data, strlen(data)) != 0) return 0;
  if (length > 4 && strcmp(path + length - 4, "-shm") == 0) return 0;
  snprintf(undo, undo_size, "%s/%llu", folder, (unsigned long long)about->st_ino);
  return 1;
}

/* Keeps what [offset, offset + length) holds now. The first thing in an undo file is the size at the last sync. */
static void keep(int fd, const struct stat *about, const char *undo, off_t offset, size_t length) {
  int out = open(undo, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (out < 0) return;
  off_t end = lseek(out, 0, SEEK_END);
  if (end == 0) {
    int64_t size = about->st_size;
    write_fully(out, &size, sizeof size, 0);
    end = sizeof size;
  }
  if (offset < about->st_size && length > 0) {
    size_t old = (off_t)length < about->st_size - offset ? length : (size_t)(about->st_size - offset);
    char *record = malloc(old + 16);
    if (record != NULL) {
      int64_t head[2] = {offset, (int64_t)old};
      memcpy(record, head, 16);
      ssize_t got = 0;
      int reading = fd;
      char link[64];
      /* A file that is open for writing only is read by another name. */
      if ((fcntl(fd, F_GETFL) & O_ACCMODE) == O_WRONLY) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        reading = open(link, O_RDONLY | O_CLOEXEC);
      }
      got = pread(reading, record + 16, old, offset);
      if (reading != fd) close(reading);
      if (got == (ssize_t)old) write_fully(out, record, old + 16, end);
      free(record);
    }
  }
  close(out);
}

static int before_write(int fd, off_t offset, size_t length) {
  struct stat about;
  char undo[4096];
  if (!is_ours(fd, &about, undo, sizeof undo)) return 0;
  if (offset + (off_t)length > about.st_size && has("disk-full")) {
    errno = ENOSPC;
    return -1;
  }
  keep(fd, &about, undo, offset, length);
  return 0;
}

ssize_t pwrite64(int fd, const void *data, size_t length, off_t offset) {
  REAL(ssize_t, pwrite64, int, const void *, size_t, off_t);
  pthread_mutex_lock(&lock);
  ssize_t result = before_write(fd, offset, length) == 0 ? real_pwrite64(fd, data, length, offset) : -1;
  pthread_mutex_unlock(&lock);
  return result;
}

ssize_t write(int fd, const void *data, size_t length) {
  REAL(ssize_t, write, int, const void *, size_t);
  struct stat about;
  if (state_of(fd, &about) != 0 || !S_ISREG(about.st_mode)) return real_write(fd, data, length);
  pthread_mutex_lock(&lock);
  off_t offset = (fcntl(fd, F_GETFL) & O_APPEND) ? about.st_size : lseek(fd, 0, SEEK_CUR);
  ssize_t result = before_write(fd, offset, length) == 0 ? real_write(fd, data, length) : -1;
  pthread_mutex_unlock(&lock);
  return result;
}

/* So that a handler finds the name resolved. */
__attribute__((constructor)) static void resolve_write(void) {
  if (write(-1, "", 0) < 0) errno = 0;
}

int ftruncate64(int fd, off_t size) {
  REAL(int, ftruncate64, int, off_t);
  struct stat about;
  char undo[4096];
  pthread_mutex_lock(&lock);
  if (is_ours(fd, &about, undo, sizeof undo))
    keep(fd, &about, undo, size, size < about.st_size ? (size_t)(about.st_size - size) : 0);
  int result = real_ftruncate64(fd, size);
  pthread_mutex_unlock(&lock);
  return result;
}

static int synced(int fd, int (*real)(int)) {
  struct stat about;
  char undo[4096];
  if (!is_ours(fd, &about, undo, sizeof undo)) return real(fd);
  if (has("fsync-fails")) {
    errno = EIO;
    return -1;
  }
  if (has("fsync-ignored")) return 0;
  pthread_mutex_lock(&lock);
  /* What is in the memory of the system outlives a kill of the process: the disk itself need not be asked. */
  unlink(undo);
  pthread_mutex_unlock(&lock);
  return 0;
}

int fsync(int fd) {
  REAL(int, fsync, int);
  return synced(fd, real_fsync);
}

int fdatasync(int fd) {
  REAL(int, fdatasync, int);
  return synced(fd, real_fdatasync);
}

/* The name is gone, and with it what there was to undo: the inode may be another file's next. */
int unlink(const char *path) {
  REAL(int, unlink, const char *);
  struct stat about;
  const char *data = getenv("FAULTS_DATA"), *folder = getenv("FAULTS_UNDO");
  if (data != NULL && folder != NULL && strncmp(path, data, strlen(data)) == 0 && stat(path, &about) == 0 && about.st_nlink == 1) {
    char undo[4096];
    snprintf(undo, sizeof undo, "%s/%llu", folder, (unsigned long long)about.st_ino);
    real_unlink(undo);
  }
  return real_unlink(path);
}
