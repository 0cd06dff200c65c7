/* Threads: mutexes, condition variables, barriers, thread-local storage, and what glibc builds on futexes. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 6, ROUNDS = 2000 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t full = PTHREAD_COND_INITIALIZER, empty = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static sem_t semaphore;
static long counter, spun, ring[8], head, tail, sum;
static atomic_long fetched, swapped, leaders, destroyed, onces;
static atomic_uchar bytes[4];
static _Atomic(short) halves[2];
static __thread int local = 7;
static __thread char *name;

static void destroy(void *value) { atomic_fetch_add(&destroyed, (long)value); }
static void initialise(void) { atomic_fetch_add(&onces, 1); }

static void *count(void *argument)
{
    long id = (long)argument;
    char mine[16];
    snprintf(mine, sizeof mine, "thread %ld", id);
    name = mine;
    local += id;
    pthread_once(&once, initialise);
    pthread_setspecific(key, (void *)(id + 1));
    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&mutex);
        counter++;
        pthread_mutex_unlock(&mutex);
        pthread_spin_lock(&spin);
        spun++;
        pthread_spin_unlock(&spin);
        atomic_fetch_add(&fetched, i);
        long old = atomic_load(&swapped);
        while (!atomic_compare_exchange_weak(&swapped, &old, old + 1))
            ;
        atomic_fetch_add(&bytes[id & 3], 1);
        atomic_fetch_add(&halves[id & 1], 1);
    }
    for (int i = 0; i < 50; i++)
        if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
            atomic_fetch_add(&leaders, 1);
    if (local != 7 + id || strcmp(name, mine))
        printf("thread-local storage is shared\n");
    return (void *)(id * id);
}

static void *produce(void *argument)
{
    long n = (long)argument;
    for (long i = 1; i <= n; i++) {
        pthread_mutex_lock(&mutex);
        while (head - tail == 8)
            pthread_cond_wait(&empty, &mutex);
        ring[head++ & 7] = i;
        pthread_cond_signal(&full);
        pthread_mutex_unlock(&mutex);
    }
    return NULL;
}

static void *consume(void *argument)
{
    long n = (long)argument;
    for (long i = 0; i < n; i++) {
        pthread_mutex_lock(&mutex);
        while (head == tail)
            pthread_cond_wait(&full, &mutex);
        sum += ring[tail++ & 7];
        pthread_cond_signal(&empty);
        pthread_mutex_unlock(&mutex);
    }
    return NULL;
}

static long shared_pair[2];

static void *reader(void *unused)
{
    (void)unused;
    long torn = 0;
    for (int i = 0; i < 500; i++) {
        pthread_rwlock_rdlock(&rwlock);
        torn += shared_pair[0] != shared_pair[1];
        pthread_rwlock_unlock(&rwlock);
    }
    return (void *)torn;
}

static void *writer(void *unused)
{
    (void)unused;
    for (int i = 0; i < 500; i++) {
        pthread_rwlock_wrlock(&rwlock);
        shared_pair[0]++;
        shared_pair[1]++;
        pthread_rwlock_unlock(&rwlock);
    }
    return NULL;
}

static void *cancelled(void *unused)
{
    (void)unused;
    pthread_cleanup_push(destroy, (void *)1000L);
    for (;;)
        sleep(100);
    pthread_cleanup_pop(0);
    return NULL;
}

static void *dies_with(void *mutex)
{
    pthread_mutex_lock(mutex);
    return NULL;
}

int main(void)
{
    pthread_t thread[THREADS];
    void *result;
    pthread_barrier_init(&barrier, NULL, THREADS);
    pthread_spin_init(&spin, 0);
    pthread_key_create(&key, destroy);
    for (long i = 0; i < THREADS; i++)
        pthread_create(&thread[i], NULL, count, (void *)i);
    long squares = 0;
    for (int i = 0; i < THREADS; i++) {
        pthread_join(thread[i], &result);
        squares += (long)result;
    }
    printf("mutex %ld spin %ld add %ld cas %ld\n", counter, spun, (long)fetched, (long)swapped);
    printf("bytes %d %d halves %d %d\n", bytes[0], bytes[3], halves[0], halves[1]);
    printf("barrier leaders %ld, results %ld, own local %d, once %ld, destroyed %ld\n", (long)leaders, squares, local, (long)onces, (long)destroyed);

    pthread_create(&thread[0], NULL, produce, (void *)3000L);
    pthread_create(&thread[1], NULL, produce, (void *)3000L);
    pthread_create(&thread[2], NULL, consume, (void *)2000L);
    pthread_create(&thread[3], NULL, consume, (void *)4000L);
    for (int i = 0; i < 4; i++)
        pthread_join(thread[i], NULL);
    printf("produced and consumed %ld\n", sum);

    long torn = 0;
    for (int i = 0; i < 4; i++)
        pthread_create(&thread[i], NULL, i == 3 ? writer : reader, NULL);
    for (int i = 0; i < 4; i++) {
        pthread_join(thread[i], &result);
        torn += (long)result;
    }
    printf("rwlock: torn %ld value %ld\n", torn, shared_pair[0]);

    struct timespec soon;
    clock_gettime(CLOCK_REALTIME, &soon);
    soon.tv_nsec += 20000000;
    if (soon.tv_nsec >= 1000000000)
        soon.tv_sec++, soon.tv_nsec -= 1000000000;
    pthread_mutex_lock(&mutex);
    int rc = pthread_cond_timedwait(&full, &mutex, &soon);
    pthread_mutex_unlock(&mutex);
    printf("timed wait: %s\n", strerror(rc));
    sem_init(&semaphore, 0, 2);
    int a = sem_trywait(&semaphore), b = sem_trywait(&semaphore), c = sem_trywait(&semaphore);
    printf("semaphore: %d %d %d %s\n", a, b, c, strerror(errno));

    destroyed = 0;
    pthread_create(&thread[0], NULL, cancelled, NULL);
    pthread_cancel(thread[0]);
    pthread_join(thread[0], &result);
    printf("cancelled %d, cleaned up %ld\n", result == PTHREAD_CANCELED, (long)destroyed);

    pthread_mutexattr_t attributes;
    pthread_mutex_t robust;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&robust, &attributes);
    pthread_create(&thread[0], NULL, dies_with, &robust);
    pthread_join(thread[0], NULL);
    rc = pthread_mutex_lock(&robust);
    printf("robust: %s\n", strerror(rc));
    pthread_mutex_consistent(&robust);
    pthread_mutex_unlock(&robust);

    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_t recursive;
    pthread_mutex_init(&recursive, &attributes);
    pthread_mutex_lock(&recursive);
    rc = pthread_mutex_lock(&recursive);
    printf("recursive: %d\n", rc);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(&recursive, &attributes);
    pthread_mutex_lock(&recursive);
    printf("error checking: %s\n", strerror(pthread_mutex_lock(&recursive)));

    /* Many short lives: stacks and ids are given back. */
    long alive = 0;
    for (int i = 0; i < 200; i++) {
        if (pthread_create(&thread[0], NULL, consume, NULL))
            break;
        pthread_join(thread[0], NULL);
        alive++;
    }
    printf("short lives %ld, main is the leader %d\n", alive, syscall(SYS_gettid) == getpid());
    return 0;
}
