/* M/M/1 as fast as this machine plays it: the physical limit of a simulation by events, on one core.
 *
 *   limit keyed|free CUSTOMERS SEED
 *
 * Every customer is two events (arrival, departure) of one binary heap; those who wait stand in a ring. `keyed`
 * draws each random number from a block of Philox4x64-10 of its own (Salmon, Moraes, Dror, Shaw, SC'11), as a
 * simulation does whose draws belong to a customer and not to an order; `free` draws from one xoshiro256+ stream
 * (Blackman, Vigna, 2018). Prints JSON: customers, mean wait, seconds, those of the processor, bytes.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define MEAN_S 10.0
#define LOAD 0.8
#define RING (1u << 20)
enum { ARRIVAL, DEPARTURE };

typedef struct { double at; uint64_t order; int kind; } Event;

static Event heap[64];
static int size;
static uint64_t orders, key[2], state[4];
static int keyed;

static int before(const Event *a, const Event *b) {
    return a->at < b->at || (a->at == b->at && a->order < b->order);
}

static void push(double at, int kind) {
    Event event = {at, orders++, kind};
    int i = size++;
    while (i && before(&event, &heap[(i - 1) / 2])) {
        heap[i] = heap[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    heap[i] = event;
}

static Event pop(void) {
    Event first = heap[0], last = heap[--size];
    int i = 0, child;
    while ((child = 2 * i + 1) < size) {
        if (child + 1 < size && before(&heap[child + 1], &heap[child])) child++;
        if (!before(&heap[child], &last)) break;
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = last;
    return first;
}

static uint64_t philox(uint64_t counter, uint64_t entity) {
    uint64_t c0 = counter, c1 = entity, c2 = 0, c3 = 0, k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        __uint128_t a = (__uint128_t)0xD2E7470EE14C6C93u * c0, b = (__uint128_t)0xCA5A826395121157u * c2;
        c0 = (uint64_t)(b >> 64) ^ c1 ^ k0;
        c2 = (uint64_t)(a >> 64) ^ c3 ^ k1;
        c1 = (uint64_t)b;
        c3 = (uint64_t)a;
        k0 += 0x9E3779B97F4A7C15u;
        k1 += 0xBB67AE8584CAA73Bu;
    }
    return c0;
}

static uint64_t xoshiro(void) {
    uint64_t result = state[0] + state[3], t = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= t;
    state[3] = (state[3] << 45) | (state[3] >> 19);
    return result;
}

static double exponential(double mean, uint64_t customer, uint64_t which) {
    uint64_t word = keyed ? philox(which, customer) : xoshiro();
    return -mean * log(1.0 - ((double)(word >> 12) + 0.5) * 0x1p-52);
}

static double now_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int count, char **words) {
    if (count != 4) return 2;
    keyed = !strcmp(words[1], "keyed");
    uint64_t customers = strtoull(words[2], NULL, 10), seed = strtoull(words[3], NULL, 10);
    double *ring = malloc(RING * sizeof *ring), begun = now_s(), waited = 0;
    if (!ring) return 1;
    key[0] = seed;
    key[1] = 1;
    for (int i = 0; i < 4; i++) state[i] = philox((uint64_t)i, 0);
    uint64_t arrived = 0, started = 0, in = 0, out = 0;
    int busy = 0;
    push(exponential(MEAN_S / LOAD, 0, 0), ARRIVAL);
    while (size) {
        Event event = pop();
        if (event.kind == ARRIVAL) {
            if (++arrived < customers)
                push(event.at + exponential(MEAN_S / LOAD, arrived, 0), ARRIVAL);
            if (busy) {
                if (in - out == RING) return 1;
                ring[in++ % RING] = event.at;
                continue;
            }
            busy = 1;
        } else {
            if (in == out) {
                busy = 0;
                continue;
            }
            waited += event.at - ring[out++ % RING];
        }
        push(event.at + exponential(MEAN_S, started++, 1), DEPARTURE);
    }
    double seconds = now_s() - begun;
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    double cpu = (double)used.ru_utime.tv_sec + 1e-6 * (double)used.ru_utime.tv_usec;
    printf("{\"requests\": %llu, \"mean_wait_s\": %.6f, \"seconds\": %.6f, \"cpu\": %.6f, \"memory\": %ld}\n",
           (unsigned long long)customers, waited / (double)customers, seconds, cpu, used.ru_maxrss * 1024);
    return 0;
}
